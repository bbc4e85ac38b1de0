// swift-tools-version: 6.2

import PackageDescription

// Fuzzers, apart from the package they test, because they need the sanitizer's main function. `script/fuzz` builds them.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "Tessera", path: "..")],
    targets: [
        .executableTarget(
            name: "FuzzHTTP",
            dependencies: [.product(name: "TesseraServer", package: "Tessera")],
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
    ]
)
