package import Basics
import Engine
package import HTTP

/// All dialects this server speaks.
package enum AllDialects {
  /// How a dialect is made of what all are made of.
  package typealias Making = @Sendable (DialectParts) -> any Dialect

  package static let all: [Making] = [
    { Wonder(parts: $0) }
  ]

  /// The routes of every dialect, and what browsers ask before they use one of them with a public key.
  package static func groups(_ parts: DialectParts, _ dialects: [Making] = all) -> [RouteGroup] {
    let dialects = dialects.map { $0(parts) }
    let browsers = RouteGroup(
      CrossOrigin.routes(for: dialects.flatMap(\.routes), parts.jobs.access), refuse: houseRefuse(parts.log))
    return dialects.map { $0.group(parts.jobs.access, parts.log) } + [browsers]
  }

  /// What each route needs of who asks, for the test that tries them all.
  package static func needs(
    _ parts: DialectParts, _ dialects: [Making] = all
  ) -> [(method: String, path: String, need: String)] {
    dialects.flatMap { $0(parts).routes }.map { ($0.method.rawValue, $0.pattern, $0.need) }
  }

  /// The house's way to word an error, for routes that belong to no dialect.
  package static func houseRefuse(_ log: Log) -> RouteGroup.Refuse { ErrorTranslation.renderer(HouseWords(), log) }
}
