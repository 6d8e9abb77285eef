// swift-tools-version: 6.2

import PackageDescription

/// The rules every Swift target is compiled under: warnings are errors, imports are explicit.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// What every C target is compiled with: calls into libc whose sizes are known are checked.
let hardened: [CSetting] = [.define("_FORTIFY_SOURCE", to: "2", .when(configuration: .release))]

/// One row of the layer table: a module and the modules it may import.
func module(_ name: String, _ imports: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: strict)
}

/// The tests of one module, in a folder named after it.
func tests(of name: String, _ imports: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + imports,
    swiftSettings: strict)
}

let package = Package(
  name: "wonder",
  products: [.executable(name: "wonder", targets: ["wonder"])],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
    .target(
      name: "CImage", cSettings: hardened,
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("z")]),
    .target(name: "CCurl", cSettings: hardened),
    .target(
      name: "CSystem", cSettings: [.define("_GNU_SOURCE")] + hardened, linkerSettings: [.linkedLibrary("crypt")]),
    .target(name: "CResources", path: "Resources", exclude: ["schema", "samples", "mail"]),

    module("Basics", ["CSystem"]),
    module("HTTP", ["Basics", "CSystem"]),
    module("Outbound", ["Basics", "CCurl"]),
    module("Storage", ["Basics", "CSQLite", "CResources"]),
    module("DataFormats", ["Basics"]),
    module("Markup", ["Basics", "DataFormats"]),
    module("Conversion", ["Basics", "DataFormats", "Markup", "CImage", "CSystem"]),
    module("Engine", ["Basics", "Storage", "Conversion", "Outbound"]),
    module("Outbox", ["Basics", "Storage", "Outbound"]),
    module("Dialects", ["Basics", "HTTP", "Storage", "Engine", "Outbox"]),
    module("Dashboard", ["Basics", "HTTP", "Storage", "Engine"]),
    module(
      "Appliance",
      [
        "Basics", "HTTP", "Outbound", "Storage", "Conversion", "Engine", "Outbox", "Dialects", "Dashboard", "CSystem",
      ]),
    .executableTarget(name: "wonder", dependencies: ["Appliance"], swiftSettings: strict),

    module("TestSupport", ["Appliance", "Basics", "HTTP", "Storage", "Conversion", "Dialects", "Engine"]),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    tests(of: "Basics", ["TestSupport"]),
    tests(of: "HTTP", ["Basics", "Storage", "TestSupport"]),
    tests(of: "Outbound", ["Basics", "Storage", "TestSupport"]),
    tests(of: "Storage", ["Basics", "TestSupport"]),
    tests(of: "DataFormats"),
    tests(of: "Markup", ["DataFormats"]),
    tests(of: "Conversion", ["Basics", "CImage", "TestSupport", "wonder"]),
    tests(of: "Engine", ["Basics", "Storage", "Conversion", "TestSupport"]),
    tests(of: "Outbox", ["Basics", "Dialects", "Outbound", "Storage", "TestSupport"]),
    tests(of: "Dialects", ["Appliance", "Basics", "Conversion", "Engine", "HTTP", "Outbox", "Storage", "TestSupport"]),
    tests(of: "Appliance", ["Basics", "Conversion", "Dialects", "Engine", "Storage", "TestSupport", "wonder"]),
    .executableTarget(
      name: "storebench", dependencies: ["Basics", "Storage"], path: "Tests/Benchmarks/Store", swiftSettings: strict),
    .executableTarget(
      name: "outboxbench", dependencies: ["Basics", "Dialects", "Outbound", "Outbox", "Storage"],
      path: "Tests/Benchmarks/Outbox", swiftSettings: strict),
    .testTarget(
      name: "FaultTests", dependencies: ["Basics", "Storage", "TestSupport", "wonder"],
      exclude: ["faultshim.c"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
