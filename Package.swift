// swift-tools-version: 6.2

import PackageDescription

/// One set of settings for every Swift target.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // An async function goes on where its caller runs, so that a handler that never waits costs no change of executor.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TesseraTestKit"], resources: resources,
        swiftSettings: settings)
}

let package = Package(
    name: "Tessera",
    products: [
        .library(name: "TesseraJOSE", targets: ["TesseraJOSE"]),
        .library(name: "TesseraBearer", targets: ["TesseraBearer"]),
        // All that an embedding program names in an `import`.
        .library(
            name: "TesseraServer",
            targets: [
                "TesseraServer", "TesseraStores", "TesseraCore", "TesseraText", "TesseraHTTP",
                "TesseraOpenAPI",
                "TesseraHosting", "TesseraJSON", "TesseraJOSE", "TesseraBearer", "TesseraCrypto",
            ]),
        // For the tests of a program that embeds it; see Documentation/testing.md.
        .library(name: "TesseraTestKit", targets: ["TesseraTestKit"]),
        .executable(name: "tessera", targets: ["tessera"]),
    ],
    targets: [
        // C libraries, each imported by exactly one Swift target.
        .systemLibrary(name: "TesseraCOpenSSL"),
        .systemLibrary(name: "TesseraCArgon2"),
        .systemLibrary(name: "TesseraCSQLite"),
        .systemLibrary(name: "TesseraCPostgres"),
        .systemLibrary(name: "TesseraCTLS"),
        .systemLibrary(name: "TesseraCLinux"),
        .systemLibrary(name: "TesseraCIDN"),

        target("TesseraCrypto", ["TesseraCOpenSSL", "TesseraCArgon2"]),
        target("TesseraText", ["TesseraCIDN"]),
        target("TesseraJSON"),
        target("TesseraJOSE", ["TesseraCrypto", "TesseraJSON"]),
        target("TesseraBearer", ["TesseraJOSE", "TesseraCrypto"]),
        target("TesseraCore", ["TesseraText", "TesseraJOSE", "TesseraCrypto"]),
        target(
            "TesseraStores",
            [
                "TesseraCore", "TesseraText", "TesseraCrypto", "TesseraJOSE", "TesseraJSON", "TesseraCSQLite",
                "TesseraCPostgres",
            ],
            resources: [.embedInCode("SQLite/Migrations"), .embedInCode("PostgreSQL/Migrations")]),
        target("TesseraHTTP", ["TesseraCTLS", "TesseraCLinux"]),
        target("TesseraHTML"),
        target("TesseraOpenAPI", ["TesseraHTTP", "TesseraJSON"]),
        target("TesseraHosting", ["TesseraHTTP", "TesseraCore", "TesseraJSON", "TesseraJOSE"]),
        target(
            "TesseraServer",
            [
                "TesseraCore", "TesseraText", "TesseraBearer", "TesseraHTTP", "TesseraHTML", "TesseraOpenAPI",
                "TesseraHosting", "TesseraJSON", "TesseraJOSE", "TesseraCrypto",
            ],
            resources: [.embedInCode("Pages/Assets")]),
        .executableTarget(
            name: "tessera",
            dependencies: [
                "TesseraServer", "TesseraStores", "TesseraCore", "TesseraText", "TesseraHTTP",
                "TesseraHosting",
                "TesseraCrypto", "TesseraJOSE", "TesseraJSON",
            ],
            swiftSettings: settings),

        target(
            "TesseraTestKit",
            [
                "TesseraCore", "TesseraText", "TesseraCrypto", "TesseraJOSE", "TesseraJSON", "TesseraHTTP",
                "TesseraStores", "TesseraOpenAPI", "TesseraHosting", "TesseraServer",
            ]),
        tests("TesseraCryptoTests", ["TesseraCrypto"]),
        tests("TesseraTextTests", ["TesseraText"]),
        tests("TesseraJSONTests", ["TesseraJSON"]),
        tests("TesseraJOSETests", ["TesseraJOSE"]),
        tests("TesseraBearerTests", ["TesseraBearer"]),
        tests(
            "TesseraCoreTests",
            ["TesseraCore", "TesseraText", "TesseraStores", "TesseraCrypto", "TesseraJOSE"]),
        tests("TesseraStoresTests", ["TesseraStores", "TesseraCore", "TesseraCrypto", "TesseraJOSE"]),
        tests("TesseraHTTPTests", ["TesseraHTTP", "TesseraCLinux"]),
        tests("TesseraHTMLTests", ["TesseraHTML"]),
        tests("TesseraOpenAPITests", ["TesseraOpenAPI", "TesseraJSON"]),
        tests(
            "TesseraHostingTests",
            ["TesseraHosting", "TesseraHTTP", "TesseraCore", "TesseraCrypto", "TesseraJOSE", "TesseraJSON"]),
        tests(
            "TesseraServerTests",
            [
                "TesseraServer", "TesseraHTML", "TesseraOpenAPI", "TesseraHosting", "TesseraHTTP",
                "TesseraCore", "TesseraStores",
                "TesseraCrypto",
                "TesseraJOSE", "TesseraJSON",
            ]),
        tests("tesseraTests", ["tessera", "TesseraHTTP", "TesseraJOSE", "TesseraCore", "TesseraStores"]),
    ]
)
