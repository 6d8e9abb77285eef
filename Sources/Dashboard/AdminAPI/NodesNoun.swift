import Basics
import Engine
import HTTP
import Storage

/// Machines that work for this server, in the admin API.
struct NodesNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/nodes", .operator_, list),
      AdminRoute(.post, "/nodes", .operator_, add),
      AdminRoute(.delete, "/nodes/{node}", .operator_, remove),
    ]
  }

  /// How the machines do that have been seen stands in the server's facts.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let nodes = try await parts.blocking.run { [desk = parts.nodes] in
      try desk.all().map { ($0, desk.places(of: $0.name)) }
    }
    return .document(
      "nodes",
      .array(
        nodes.map { node, places in
          .object([
            ("name", .string(node.name)), ("created_at", .string("\(node.createdAt)")),
            ("places", places.map { .integer(Int64($0)) } ?? .null),
          ])
        }))
  }

  @Sendable private func add(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let name = try fields.requiredText("name")
    let token = try await parts.nodes.add(name, by: visitor.actor)
    return .document(
      "node", .object([("name", .string(name)), ("token", .string(token))]), status: .created)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.nodes.remove(request.parameters["node"] ?? "", by: visitor.actor)
    return Response(.noContent)
  }
}
