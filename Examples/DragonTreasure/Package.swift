// swift-tools-version: 6.2

import PackageDescription

/// The settings of Tessera itself.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let tessera: Target.Dependency = .product(name: "Tessera", package: "tessera")

let testKit: Target.Dependency = .product(name: "TesseraTestKit", package: "tessera")

let package = Package(
    name: "DragonTreasure",
    products: [.executable(name: "dragon-treasure", targets: ["dragon-treasure"])],
    // An API outside this repository writes `.package(url: …, from: …)` instead.
    dependencies: [.package(name: "tessera", path: "../..")],
    targets: [
        .target(
            name: "DragonTreasure", dependencies: [tessera],
            resources: [.embedInCode("Treasures/Migrations")], swiftSettings: settings),
        .executableTarget(
            name: "dragon-treasure", dependencies: ["DragonTreasure", tessera], swiftSettings: settings),
        .testTarget(
            name: "DragonTreasureTests", dependencies: ["DragonTreasure", tessera, testKit],
            swiftSettings: settings),
    ]
)
