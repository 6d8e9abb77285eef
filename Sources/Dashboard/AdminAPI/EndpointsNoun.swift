import Basics
import Engine
import HTTP
import Storage

/// Webhook endpoints of the workspaces that a visitor may see, in the admin API; their secrets are in the answers that make them and in no other.
struct EndpointsNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/endpoints", .workspaceMember, list),
      AdminRoute(.post, "/endpoints", .workspaceAdmin, add),
      AdminRoute(.delete, "/endpoints/{id}", .workspaceAdmin, remove),
      AdminRoute(.post, "/endpoints/{id}/test", .workspaceAdmin, test),
      AdminRoute(.post, "/endpoints/{id}/rotate-secret", .workspaceAdmin, rotate),
      AdminRoute(.post, "/endpoints/{id}/enable", .workspaceAdmin, enable),
      AdminRoute(.post, "/endpoints/{id}/disable", .workspaceAdmin, disable),
      AdminRoute(.get, "/webhook-styles", .nobody, styles),
    ]
  }

  private var subscriptions: Subscriptions { parts.webhooks.subscriptions }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.queryValue("workspace")
    let found = try await parts.read { database in
      let workspaces = try Workspaces.all(in: database).filter {
        (slug == nil || $0.slug == slug) && visitor.role(in: $0.id) != nil
      }
      if workspaces.isEmpty && slug != nil { throw Refusal.unknownWorkspace }
      return try workspaces.flatMap { workspace in
        try Endpoints.all(workspace.id, in: database).map { (workspace.slug, $0) }
      }
    }
    return .document(
      "endpoints", .array(found.map { .object([("workspace", .string($0.0))] + describe($0.1)) }))
  }

  @Sendable private func add(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let events = try fields.text("events")?.split(separator: ",").map { $0.filter { $0 != " " } }
    let slug = try fields.requiredText("workspace")
    try visitor.mustManage(try await parts.read { try Provisioning.workspace(slug, $0).id })
    let made = try await subscriptions.add(
      workspace: slug, url: fields.requiredText("url"),
      events: events, style: fields.text("style") ?? DeliveryStyle.standard.rawValue, by: visitor.actor)
    return .document("endpoint", showing(made), status: .created)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let id = try await id(request, visitor)
    try await subscriptions.remove(endpoint: id, by: visitor.actor)
    return .document("removed", .integer(id))
  }

  /// Sends a sample and answers with what its first attempt brought.
  @Sendable private func test(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let delivery = try await parts.webhooks.replays.sample(endpoint: id(request, visitor), by: visitor.actor)
    return try await DeliveriesNoun(parts: parts).firstAttempt(at: delivery, for: visitor)
  }

  @Sendable private func rotate(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let made = try await subscriptions.rotateSecret(endpoint: id(request, visitor), by: visitor.actor)
    return .document("endpoint", showing(made))
  }

  @Sendable private func enable(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await set(visitor, request, isEnabled: true)
  }

  @Sendable private func disable(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await set(visitor, request, isEnabled: false)
  }

  private func set(_ visitor: Visitor, _ request: Request, isEnabled: Bool) async throws -> Response {
    let endpoint = try await subscriptions.setEnabled(
      endpoint: id(request, visitor), isEnabled, by: visitor.actor)
    return .document("endpoint", .object(describe(endpoint)))
  }

  /// The endpoint that a request is about, for a visitor who may change it.
  private func id(_ request: Request, _ visitor: Visitor) async throws -> Int64 {
    guard let id = Int64(request.parameters["id"] ?? ""),
      let endpoint = try await parts.read({ try Endpoints.find(id: id, in: $0) })
    else { throw Refusal.unknownEndpoint }
    try visitor.mustManage(endpoint.workspaceID, orElse: .unknownEndpoint)
    return id
  }

  /// The styles that an endpoint can have, each with its title and its events; the documentation asks for them, too.
  @Sendable private func styles(_ visitor: Visitor, _ request: Request) async throws -> Response {
    .document(
      "styles",
      .array(
        subscriptions.styles.map { style in
          .object([
            ("style", .string(style.name.rawValue)), ("title", .string(style.title)),
            ("is_usual", .boolean(style.name == .standard)), ("events", .array(style.events.map(JSONValue.string))),
          ])
        }))
  }

  private func showing(_ made: Subscriptions.Made) -> JSONValue {
    let shown = describe(made.endpoint)
    return .object(shown.prefix(1) + [("secret", .string(made.secret))] + shown.dropFirst())
  }

  private func describe(_ endpoint: Endpoint) -> [(name: String, value: JSONValue)] {
    let isByHost = subscriptions.styles.first { $0.name == endpoint.style }?.restsByHost ?? false
    let rest = parts.webhooks.rests.rest(of: Deliveries.address(of: endpoint, byHost: isByHost), at: parts.clock.now())
    return [
      ("id", .integer(endpoint.id)), ("url", .string(endpoint.url)), ("style", .string(endpoint.style.rawValue)),
      ("events", .array(endpoint.events.map(JSONValue.string))),
      ("state", .string(endpoint.isEnabled ? "enabled" : "disabled")),
      ("condition", .string(EndpointsNoun.condition(endpoint, rest))),
      ("failing_since", endpoint.failingSince.map { .string("\($0)") } ?? .null),
      ("resting_until", rest.map { .string("\($0.until)") } ?? .null),
      ("old_secret_until", endpoint.overlapsUntil.map { .string("\($0)") } ?? .null),
      ("created_at", .string("\(endpoint.createdAt)")),
    ]
  }

  /// How it goes, in a word: one that is on may fail all the same.
  private static func condition(_ endpoint: Endpoint, _ rest: DeliveryRests.Rest?) -> String {
    if !endpoint.isEnabled { return "off" }
    if rest != nil { return "resting" }
    return endpoint.failingSince == nil ? "working" : "failing"
  }
}
