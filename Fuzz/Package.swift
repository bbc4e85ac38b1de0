// swift-tools-version: 6.2

import PackageDescription

/// A fuzzer for one subject; each fuzzer has its own corpus.
func fuzzer(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["FuzzDriver", .product(name: "TesseraServer", package: "Tessera")],
        swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
}

// The fuzzers are a package of their own, because they need the sanitizer's main function. `script/fuzz` builds them.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "Tessera", path: "..")],
    targets: [
        .target(name: "FuzzDriver", swiftSettings: [.swiftLanguageMode(.v6)]),
        fuzzer("FuzzHTTP"), fuzzer("FuzzJSON"), fuzzer("FuzzForms"), fuzzer("FuzzDates"),
    ]
)
