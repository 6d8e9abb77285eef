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

/// What the program is compiled with: the regular expressions of the standard library, a megabyte of it, are not there;
/// `PosixPattern` and `TextSearch` are.
let lean: [SwiftSetting] =
  strict + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

/// What every C target is compiled with: calls into libc whose sizes are known are checked.
let hardened: [CSetting] = [
  .define("_FORTIFY_SOURCE", to: "2", .when(configuration: .release)),
  .unsafeFlags(["-O1"], .when(configuration: .debug)),
]

/// One row of the layer table: a module and the modules it may import.
///
/// One without pointers is compiled so that none can come in unmarked; the others work on them all the time. One that only
/// arranges what others do is compiled to be small, for its speed is theirs. One that goes through bytes one by one, or
/// is put together anew at each start, is optimised for the tests, too, which would wait for it a minute and more.
func module(
  _ name: String, _ imports: [Target.Dependency], hasPointers: Bool = true, isSmall: Bool = false, isBusy: Bool = false
) -> Target {
  .target(
    name: name, dependencies: imports,
    swiftSettings: lean + (hasPointers ? [] : [.strictMemorySafety()])
      + (isSmall ? [.unsafeFlags(["-Osize"], .when(configuration: .release))] : [])
      + (isBusy ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []))
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
    .target(name: "CCurl", cSettings: [.define("_GNU_SOURCE")] + hardened),
    .target(
      name: "CSystem", cSettings: [.define("_GNU_SOURCE")] + hardened, linkerSettings: [.linkedLibrary("crypt")]),
    .target(name: "CResources", path: "Resources", exclude: ["schema", "samples", "mail", "page"]),

    module("Basics", ["CSystem", "CResources"], isBusy: true),
    module("HTTP", ["Basics", "CSystem"]),
    module("Outbound", ["Basics", "CCurl"], isSmall: true),
    module("Storage", ["Basics", "CSQLite"]),
    module("DataFormats", ["Basics"]),
    module("Markup", ["Basics", "DataFormats"]),
    module("Archives", ["Basics", "CImage", "CSystem"]),
    module("Documents", ["Basics", "DataFormats", "Markup", "Archives"]),
    module("Formats", ["Basics", "CSystem"], isSmall: true, isBusy: true),
    module("Pictures", ["Basics", "Formats", "CImage", "CSystem"], isBusy: true),
    module("Typesetting", ["Basics", "DataFormats", "Markup", "Formats", "Pictures"]),
    module(
      "Conversion",
      [
        "Basics", "Formats", "Pictures", "DataFormats", "Markup", "Archives", "Documents", "Typesetting", "Outbound",
        "CSystem",
      ]),
    module("Engine", ["Basics", "Storage", "Formats", "Conversion", "Outbound"], isSmall: true),
    module("Outbox", ["Basics", "Storage", "Outbound"], hasPointers: false, isSmall: true),
    module("Dialects", ["Basics", "HTTP", "Storage", "Engine", "Outbox"], hasPointers: false, isSmall: true),
    module("Dashboard", ["Basics", "HTTP", "Storage", "Engine"], hasPointers: false, isSmall: true),
    module(
      "Appliance",
      [
        "Basics", "HTTP", "Outbound", "Storage", "Formats", "Pictures", "Conversion", "Engine", "Outbox", "Dialects",
        "Dashboard", "CSystem",
      ], isSmall: true),
    .executableTarget(name: "wonder", dependencies: ["Appliance"], swiftSettings: lean),

    module("TestSupport", ["Appliance", "Basics", "HTTP", "Storage", "Formats", "Conversion", "Dialects", "Engine"]),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    tests(of: "Basics", ["TestSupport"]),
    tests(of: "HTTP", ["Basics", "Storage", "TestSupport"]),
    tests(of: "Outbound", ["Basics", "Storage", "TestSupport"]),
    tests(of: "Storage", ["Basics", "TestSupport"]),
    tests(of: "DataFormats"),
    tests(of: "Markup", ["DataFormats"]),
    tests(of: "Archives", ["Basics", "CImage"]),
    tests(of: "Documents", ["Basics", "DataFormats", "Archives"]),
    tests(of: "Typesetting", ["DataFormats", "Markup", "Formats", "Pictures"]),
    tests(of: "Formats"),
    tests(
      of: "Conversion", ["Archives", "Basics", "Formats", "Outbound", "Pictures", "CImage", "TestSupport", "wonder"]),
    tests(of: "Engine", ["Basics", "Storage", "Formats", "Conversion", "Outbound", "TestSupport"]),
    tests(of: "Outbox", ["Basics", "Dialects", "Outbound", "Storage", "TestSupport"]),
    tests(
      of: "Dialects",
      ["Appliance", "Basics", "Formats", "Conversion", "Engine", "HTTP", "Outbox", "Storage", "TestSupport"]),
    tests(
      of: "Appliance", ["Basics", "Formats", "Conversion", "Dialects", "Engine", "Storage", "TestSupport", "wonder"]),
    .executableTarget(
      name: "storebench", dependencies: ["Basics", "Storage"], path: "Tests/Benchmarks/Store", swiftSettings: strict),
    .executableTarget(
      name: "outboxbench", dependencies: ["Basics", "Dialects", "Outbound", "Outbox", "Storage"],
      path: "Tests/Benchmarks/Outbox", swiftSettings: strict),
    .testTarget(
      name: "FaultTests", dependencies: ["Basics", "Storage", "TestSupport", "wonder"],
      exclude: ["faultshim.c", "Power/powerlog.c", "Power/powerlog.h"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
