package import Basics
package import Engine
package import HTTP

/// What machines that have joined call: they come for orders, fetch the files, and bring what they have made.
package struct NodeAPI: Sendable {
  package static let prefix = "/nodes/v1"
  private static let mostBytes = 4 << 20

  private let desk: NodeDesk
  private let blocking: Blocking

  /// Every route; `refuse` renders errors in the house's words.
  package static func group(
    _ desk: NodeDesk, blocking: Blocking, refuse: @escaping RouteGroup.Refuse
  ) -> RouteGroup {
    let api = NodeAPI(desk: desk, blocking: blocking)
    return RouteGroup(
      [
        Route(.post, prefix + "/claims", api.claim),
        Route(.post, prefix + "/signs", bodyLimit: Int64(mostBytes), api.sign),
        Route(.delete, prefix + "/claims", api.leave),
        Route(.get, prefix + "/orders/{order}/{file}", api.fetch),
        Route(.put, prefix + "/orders/{order}/{file}", bodyLimit: .max, api.bring),
        Route(.post, prefix + "/orders/{order}/result", bodyLimit: Int64(mostBytes), api.end),
      ], refuse: refuse)
  }

  /// Who asks; the connection is a known one's from then on.
  private func node(_ request: Request) async throws -> String {
    let token = request.headers[.authorization].flatMap { field -> String? in
      field.hasPrefix("Bearer ") ? String(field.dropFirst("Bearer ".count)) : nil
    }
    let node = try await blocking.run { [desk] in try desk.admit(token) }
    request.vouch()
    return node
  }

  private func document(_ request: Request) async throws -> JSONValue {
    let bytes = try await request.body.collect(atMost: NodeAPI.mostBytes)
    return try await blocking.run {
      guard let document = try? JSONReader.parse(bytes, from: .client) else { throw Refusal.badJSON }
      return document
    }
  }

  /// 200 with orders, or 204 when there are none after a while.
  @Sendable private func claim(_ request: Request) async throws -> Response {
    let node = try await node(request)
    let document = try await document(request)
    let places = Int(clamping: document["places"]?.integer ?? 1)
    let given = try await desk.claim(node, places: places, version: document["version"]?.string ?? "")
    guard !given.isEmpty else { return Response(.noContent) }
    return .document("orders", .array(given.map { .object([("name", .string($0.name)), ("order", $0.order)]) }))
  }

  @Sendable private func sign(_ request: Request) async throws -> Response {
    let node = try await node(request)
    let percents = (try await document(request)["orders"]?.array ?? []).compactMap { order in
      order["name"]?.string.map { (name: $0, percent: order["percent"]?.integer.map { Int(clamping: $0) }) }
    }
    let gone = try await blocking.run { [desk] in desk.tell(percents, of: node) }
    return .document("gone", .array(gone.map(JSONValue.string)))
  }

  @Sendable private func leave(_ request: Request) async throws -> Response {
    let node = try await node(request)
    try await blocking.run { [desk] in desk.leave(node) }
    return Response(.noContent)
  }

  @Sendable private func fetch(_ request: Request) async throws -> Response {
    let node = try await node(request)
    let (order, name) = (request.parameters["order"] ?? "", request.parameters["file"] ?? "")
    let file = try await blocking.run { [desk] in
      try OpenFile(descriptor: try desk.open(name, ofOrder: order, for: node))
    }
    return Response(.ok, headers: Headers([(.contentType, "application/octet-stream")]), body: .file(FileBody(file)))
  }

  /// Takes an output, in the place of one that came before and was cut off.
  @Sendable private func bring(_ request: Request) async throws -> Response {
    let node = try await node(request)
    let (order, name) = (request.parameters["order"] ?? "", request.parameters["file"] ?? "")
    let output = try await blocking.run { [desk] in try desk.create(name, ofOrder: order, for: node) }
    while let piece = try await request.body.next() { try output.write(piece) }
    try await blocking.run { try output.sync() }
    return Response(.noContent)
  }

  @Sendable private func end(_ request: Request) async throws -> Response {
    let node = try await node(request)
    let order = request.parameters["order"] ?? ""
    let document = try await document(request)
    try await blocking.run { [desk] in try desk.end(order, document, of: node) }
    return Response(.noContent)
  }
}
