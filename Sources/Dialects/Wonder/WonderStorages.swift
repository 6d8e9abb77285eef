import Basics
import Engine
import HTTP
import Storage

/// Places elsewhere that the workspace keeps under names with what opens them, which no answer ever has.
struct WonderStorages: Sendable {
  private static let largest = 64 << 10
  private static let path = "/api/v1/storages"
  private static let ofOne = path + "/{name}"

  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(.get, WonderStorages.path, .read, needing: Wonder.needs, list),
      DialectRoute(.get, WonderStorages.ofOne, .read, needing: Wonder.needs, show),
      DialectRoute(
        .put, WonderStorages.ofOne, .submit, needing: Wonder.needs, bodyLimit: Int64(WonderStorages.largest), set),
      DialectRoute(.delete, WonderStorages.ofOne, .submit, needing: Wonder.needs, remove),
      DialectRoute(.post, WonderStorages.ofOne + "/test", .submit, needing: Wonder.needs, test),
    ]
  }

  private var desk: StorageDesk { parts.jobs.storages }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    WonderStorages.answer([("storages", .array(try desk.all(holder.workspace.id).map(\.json)))])
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    WonderStorages.answer([("storage", try desk.find(holder.workspace.id, name: WonderStorages.name(request)).json)])
  }

  /// Adds a storage with 201, or replaces the one of that name with 200.
  @Sendable private func set(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: WonderStorages.largest)
    let members = try await ClientDocument.read(bytes, on: parts.jobs.blocking) { $0 }
    let (storage, isNew) = try await desk.set(holder.workspace.id, name: WonderStorages.name(request), members)
    return WonderStorages.answer([("storage", storage.json)], isNew ? .created : .ok)
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try await desk.delete(holder.workspace.id, name: WonderStorages.name(request))
    return WonderStorages.answer([("message", .string("The storage was deleted."))])
  }

  @Sendable private func test(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    WonderStorages.answer(try await desk.test(holder.workspace.id, name: WonderStorages.name(request)).json)
  }

  private static func name(_ request: Request) -> String { request.parameters["name"] ?? "" }

  private static func answer(
    _ members: [(name: String, value: JSONValue)], _ status: Status = .ok
  ) -> Response {
    .json(status, Array(JSONValue.object([("status", .integer(Int64(status.code)))] + members).text.utf8))
  }
}
