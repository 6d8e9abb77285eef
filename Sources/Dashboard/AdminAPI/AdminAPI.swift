import Basics
import Engine
package import HTTP
import Storage

/// The admin API: what the commands and the pages do, as routes.
package enum AdminAPI {
  package static let prefix = "/admin/api/v1"
  /// Where a provider of identities sends browsers back to, below the prefix.
  package static let wayBack = "/session/provider/return"

  /// Every row, noun by noun.
  static func rows(_ parts: AdminParts) -> [AdminRoute] {
    [
      SessionNoun(parts: parts).rows, SecondFactorNoun(parts: parts).rows,
      SignOnNoun(parts: parts).rows, RequestsNoun(parts: parts).rows,
      WorkspacesNoun(parts: parts).rows,
      KeysNoun(parts: parts).rows, PlansNoun(parts: parts).rows, UsersNoun(parts: parts).rows,
      JobsNoun(parts: parts).rows, UpkeepNoun(parts: parts).rows, AuditNoun(parts: parts).rows,
      ServerNoun(parts: parts).rows, BackupsNoun(parts: parts).rows, EndpointsNoun(parts: parts).rows,
      PresetsNoun(parts: parts).rows, FilesNoun(parts: parts).rows, RatesNoun(parts: parts).rows,
      DeliveriesNoun(parts: parts).rows, ConversionsNoun(parts: parts).rows, HealthNoun(parts: parts).rows,
      MailNoun(parts: parts).rows, ChangesNoun(parts: parts).rows, ReplaysNoun(parts: parts).rows,
      NodesNoun(parts: parts).rows, BatchesNoun(parts: parts).rows, MeasuresNoun(parts: parts).rows,
      StandbyNoun(parts: parts).rows, StoragesNoun(parts: parts).rows,
    ].flatMap { $0 }
  }

  /// Every route; `refuse` renders errors in the house's words.
  package static func group(_ parts: AdminParts, refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    let doorkeeper = Doorkeeper(accounts: parts.accounts, owner: parts.owner, standbyToken: parts.followers.token)
    // Whoever has lost a right hears nothing more, and everybody else looks again.
    let changed: @Sendable () async throws -> Void = {
      [streams = parts.conversions.streams, blocking = parts.blocking, changes = parts.store.changes] in
      guard streams.count > 0 else { return }
      try await blocking.run { streams.recheck() }
      changes.note(nil)
    }
    return RouteGroup(rows(parts).map { $0.route(doorkeeper, changed) }, refuse: refuse)
  }

  /// What each route needs of its visitor, for the test that tries them all.
  package static func needs(_ parts: AdminParts) -> [(method: String, path: String, need: String)] {
    rows(parts).map { ($0.method.rawValue, prefix + $0.path, $0.need.rawValue) }
  }
}
