package import HTTP

/// The admin API: what the commands and the pages do, as routes.
package enum AdminAPI {
  package static let prefix = "/admin/api/v1"

  /// Every route; `refuse` renders errors in the house's words.
  package static func group(_ parts: AdminParts, refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    let nouns: [[Route]] = [
      WorkspacesNoun(parts: parts).routes, KeysNoun(parts: parts).routes, JobsNoun(parts: parts).routes,
      EndpointsNoun(parts: parts).routes, DeliveriesNoun(parts: parts).routes, UpkeepNoun(parts: parts).routes,
      ServerNoun(parts: parts).routes,
    ]
    return RouteGroup(nouns.flatMap { $0 }, refuse: refuse)
  }
}
