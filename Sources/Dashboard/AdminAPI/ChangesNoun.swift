import Engine
import HTTP
import Storage

/// What an open page listens to: that it should look again, and no more.
struct ChangesNoun {
  private static let everything = "*"

  let parts: AdminParts

  var rows: [AdminRoute] { [AdminRoute(.get, "/changes", .member, watch)] }

  /// A stream of `changed`, for `workspace=SLUG`, or `*` for all that the visitor may see; its heartbeats keep it open.
  @Sendable private func watch(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let slug = request.queryValue("workspace") else {
      throw Refusal.invalidFields.naming([.init("workspace", "is required: a slug, or * for all that you may see")])
    }
    let workspace = slug == ChangesNoun.everything ? nil : try await find(slug, visitor)
    let token = Doorkeeper.token(of: request)
    let place = try parts.conversions.streams.enter("session \(visitor.actor.name)") { [accounts = parts.accounts] in
      // On the socket there is no session; whoever may open it may see everything.
      guard let token else { return true }
      return (try? workspace.map { try accounts.maySee($0, token: token) } ?? accounts.lasts(token: token)) ?? true
    }
    let channel = EventChannel()
    let changes = parts.store.changes
    let subscription = changes.subscribe(
      to: { changed in workspace.map { $0 == changed } ?? (visitor.role(in: changed) != nil) },
      { channel.send([ChangesNoun.changed]) })
    // Whoever comes back has missed something, perhaps.
    return .events(
      EventStream(
        channel, initial: [ChangesNoun.changed], heartbeat: parts.conversions.streams.heartbeat, place: place,
        onClose: { changes.unsubscribe(subscription) }))
  }

  private static let changed = ServerSentEvent(name: "changed", data: "{}")

  private func find(_ slug: String, _ visitor: Visitor) async throws -> Int64 {
    let id = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustSee(id)
    return id
  }
}
