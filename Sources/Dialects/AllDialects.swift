package import Basics
import Engine
package import HTTP

/// All dialects this server speaks.
package enum AllDialects {
  private static func all(_ parts: DialectParts) -> [any Dialect] { [Wonder(parts: parts)] }

  /// The routes of every dialect, and what browsers ask before they use one of them with a public key.
  package static func groups(_ parts: DialectParts) -> [RouteGroup] { groups(all(parts), parts.jobs.access, parts.log) }

  /// The same for any dialects.
  static func groups(_ dialects: [any Dialect], _ access: Access, _ log: Log) -> [RouteGroup] {
    let browsers = RouteGroup(
      CrossOrigin.routes(for: dialects.flatMap(\.routes), access), refuse: houseRefuse(log))
    return dialects.map { $0.group(access, log) } + [browsers]
  }

  /// What each route needs of who asks, for the test that tries them all.
  package static func needs(_ parts: DialectParts) -> [(method: String, path: String, need: String)] {
    all(parts).flatMap(\.routes).map { ($0.method.rawValue, $0.pattern, $0.need) }
  }

  /// The house's way to word an error, for routes that belong to no dialect.
  package static func houseRefuse(_ log: Log) -> RouteGroup.Refuse { ErrorTranslation.renderer(HouseWords(), log) }
}
