package import Basics
package import Engine
package import HTTP

/// All dialects this server speaks.
package enum AllDialects {
  /// A row of the list: what is known of a dialect before the server is made, and how it is made.
  package struct Row: Sendable {
    package let name: String
    package let linkRules: LinkRules?
    package let style: WebhookStyle?
    let downloadPassword: @Sendable (Request) -> String?
    package let keyPrefix: KeyPrefix?
    let make: @Sendable (DialectParts) -> any Dialect

    package init<Made: Dialect>(_ make: @escaping @Sendable (DialectParts) -> Made) {
      name = Made.name
      linkRules = Made.linkRules
      style = Made.style
      keyPrefix = Made.keyPrefix
      downloadPassword = { Made.downloadPassword(of: $0) }
      self.make = make
    }
  }

  package static let all = [
    Row { Wonder(parts: $0) },
    Row { KoalaPic(parts: $0) },
    Row { Api2Convert(parts: $0) },
    Row { Enconvert(parts: $0) },
    Row { Convertly(parts: $0) },
  ]

  /// The routes of every dialect, the downloads that all share, and what browsers ask before they use a public key.
  package static func groups(_ parts: DialectParts, _ rows: [Row] = all) -> [RouteGroup] {
    let dialects = rows.map { $0.make(parts) }
    let passwords = Dictionary(rows.map { ($0.name, $0.downloadPassword) }, uniquingKeysWith: { first, _ in first })
    let shared =
      LinkedFiles(jobs: parts.jobs, passwords: passwords).routes
      + CrossOrigin.routes(for: dialects.flatMap(\.routes), parts.jobs.access)
    return dialects.map { $0.group(parts) } + [
      RouteGroup(shared, refuse: houseRefuse(parts.log))
    ]
  }

  /// The rules of links by the dialects that have some.
  package static func linkRules(_ rows: [Row] = all) -> [String: LinkRules] {
    Dictionary(rows.compactMap { row in row.linkRules.map { (row.name, $0) } }, uniquingKeysWith: { first, _ in first })
  }

  /// What keys begin with when nobody asks for another prefix.
  package static let usualKeyPrefix = Wonder.usualKeyPrefix

  /// What a secret key may begin with, the usual one first, then the habits of the dialects.
  package static func keyPrefixes(_ rows: [Row] = all) -> [KeyPrefix] {
    [usualKeyPrefix]
      + rows.compactMap(\.keyPrefix).filter { $0.text != usualKeyPrefix.text }
  }

  /// What each route needs of who asks, for the test that tries them all.
  package static func needs(
    _ parts: DialectParts, _ rows: [Row] = all
  ) -> [(method: String, path: String, need: String)] {
    rows.flatMap { row in
      let takesVisitors = parts.anonymous.contains(row.name)
      return row.make(parts).routes.map { ($0.method.rawValue, $0.pattern, $0.need(takesVisitors: takesVisitors)) }
    }
      + LinkedFiles(jobs: parts.jobs).routes.map { ($0.method.rawValue, $0.pattern, "anyone") }
  }

  /// The dialects that have rows for visitors.
  package static func takingVisitors(_ parts: DialectParts, _ rows: [Row] = all) -> [String] {
    rows.filter { $0.make(parts).routes.contains(where: \.takesVisitors) }.map(\.name)
  }

  /// The house's own routes, each "METHOD PATTERN", which its description has to have; a vendor describes its own.
  package static func described(_ parts: DialectParts) -> [String] {
    Wonder(parts: parts).routes.map { "\($0.method.rawValue) \($0.pattern)" }
      + LinkedFiles(jobs: parts.jobs).routes.map { "\($0.method.rawValue) \($0.pattern)" }
  }

  /// The house's way to word an error, for routes that belong to no dialect.
  package static func houseRefuse(_ log: Log) -> RouteGroup.Refuse { ErrorTranslation.renderer(HouseWords(), log) }
}
