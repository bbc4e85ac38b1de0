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
        .library(name: "TesseraTime", targets: ["TesseraTime"]),
        .library(name: "TesseraJOSE", targets: ["TesseraJOSE"]),
        .library(name: "TesseraBearer", targets: ["TesseraBearer"]),
        // All that an embedding program names in an `import`.
        .library(
            name: "TesseraServer",
            targets: [
                "TesseraServer", "TesseraStores", "TesseraSQLite", "TesseraPostgres", "TesseraDatabase",
                "TesseraCore", "TesseraText", "TesseraHTTP", "TesseraJSON", "TesseraTime", "TesseraJOSE",
                "TesseraBearer", "TesseraCrypto",
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
        target("TesseraTime"),
        target("TesseraJOSE"),
        target("TesseraBearer"),
        target("TesseraDatabase"),
        target("TesseraSQLite", ["TesseraDatabase", "TesseraTime", "TesseraCSQLite"]),
        target("TesseraPostgres", ["TesseraDatabase", "TesseraTime", "TesseraCPostgres"]),
        target(
            "TesseraCore",
            ["TesseraDatabase", "TesseraText", "TesseraTime", "TesseraJOSE", "TesseraCrypto"]),
        target(
            "TesseraStores",
            [
                "TesseraCore", "TesseraSQLite", "TesseraPostgres", "TesseraDatabase", "TesseraText",
                "TesseraCrypto",
                "TesseraTime", "TesseraJSON",
            ],
            resources: [.embedInCode("SQLite/Migrations"), .embedInCode("PostgreSQL/Migrations")]),
        target("TesseraHTTP", ["TesseraCTLS", "TesseraCLinux"]),
        target("TesseraHTML"),
        target(
            "TesseraServer",
            [
                "TesseraCore", "TesseraText", "TesseraBearer", "TesseraHTTP", "TesseraHTML", "TesseraJSON",
                "TesseraTime",
                "TesseraJOSE", "TesseraCrypto",
            ],
            resources: [.embedInCode("Frame/Assets")]),
        .executableTarget(
            name: "tessera",
            dependencies: [
                "TesseraServer", "TesseraStores", "TesseraSQLite", "TesseraPostgres",
                "TesseraCore", "TesseraText", "TesseraHTTP", "TesseraCrypto", "TesseraTime", "TesseraJSON",
            ],
            swiftSettings: settings),

        target(
            "TesseraTestKit",
            [
                "TesseraCore", "TesseraCrypto", "TesseraTime", "TesseraJSON", "TesseraHTTP", "TesseraStores",
                "TesseraPostgres", "TesseraServer",
            ]),
        tests("TesseraCryptoTests", ["TesseraCrypto"]),
        tests("TesseraTextTests", ["TesseraText"]),
        tests("TesseraJSONTests", ["TesseraJSON"]),
        tests("TesseraTimeTests", ["TesseraTime"]),
        tests("TesseraJOSETests", ["TesseraJOSE"]),
        tests("TesseraBearerTests", ["TesseraBearer"]),
        tests(
            "TesseraCoreTests",
            ["TesseraCore", "TesseraText", "TesseraStores", "TesseraCrypto", "TesseraTime"]),
        tests(
            "TesseraSQLiteTests",
            ["TesseraSQLite", "TesseraStores", "TesseraDatabase", "TesseraCore", "TesseraCrypto"]),
        tests(
            "TesseraPostgresTests",
            [
                "TesseraPostgres", "TesseraStores", "TesseraDatabase", "TesseraCore", "TesseraCrypto",
                "TesseraTime",
            ]),
        tests(
            "TesseraStoresTests",
            [
                "TesseraStores", "TesseraSQLite", "TesseraPostgres", "TesseraDatabase", "TesseraCore",
                "TesseraCrypto", "TesseraTime",
            ]),
        tests("TesseraHTTPTests", ["TesseraHTTP", "TesseraCLinux"]),
        tests("TesseraHTMLTests", ["TesseraHTML"]),
        tests(
            "TesseraServerTests",
            [
                "TesseraServer", "TesseraHTML", "TesseraHTTP", "TesseraCore", "TesseraStores",
                "TesseraSQLite",
                "TesseraPostgres", "TesseraDatabase",
                "TesseraCrypto", "TesseraTime", "TesseraJSON",
            ]),
        tests(
            "tesseraTests",
            ["tessera", "TesseraServer", "TesseraHTTP", "TesseraTime", "TesseraStores", "TesseraPostgres"]),
    ]
)
