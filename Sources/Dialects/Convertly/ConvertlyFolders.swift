import Basics
import Engine
import HTTP
import Storage

/// The folders of the store.
struct ConvertlyFolders: Sendable {
  private static let longestColor = 32

  let store: ConvertlyStore

  init(parts: DialectParts) { store = ConvertlyStore(parts: parts) }

  var routes: [DialectRoute] {
    let document = Int64(ConvertlyStore.largestDocument)
    return [
      DialectRoute(.get, "/api/folders", .read, needing: [], list),
      DialectRoute(.post, "/api/folders", .submit, needing: [], bodyLimit: document, add),
      DialectRoute(.get, "/api/folders/{id}", .read, needing: [], show),
      DialectRoute(.patch, "/api/folders/{id}", .submit, needing: [], bodyLimit: document, change),
      DialectRoute(.delete, "/api/folders/{id}", .submit, needing: [], remove),
    ]
  }

  /// All folders, or those in one; `q` is a part of the name.
  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let parent = try request.queryValue("parentId").map { try store.folder($0) }
    let wanted = request.queryValue("q")?.lowercased() ?? ""
    let folders = try await store.parts.jobs.blocking.run { [files = store.files] in
      try files.folders(holder.workspace, in: parent)
    }
    let shown = folders.filter { wanted.isEmpty || $0.name.lowercased().contains(wanted) }
    return ConvertlyStore.answer(.ok, [("folders", .array(shown.map(store.document)))])
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.folder, request, orElse: .unknownFolder)
    let line = try store.files.line(holder.workspace, to: row)
    guard let folder = line.first else { throw Refusal.unknownFolder }
    return ConvertlyStore.answer(
      .ok,
      [
        ("folder", store.document(folder)), ("path", .array(line.reversed().map { .string($0.name) })),
      ])
  }

  @Sendable private func add(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var body = try await store.body(request)
    let name = body.text("name")
    if name == nil, body.wrong.isEmpty { body.wrong.append("name", "is required") }
    let color = color(&body)
    let parent = try store.folder("parentId", &body)
    try body.check()
    let folder = try await store.files.makeFolder(
      name ?? "", color: color, in: parent ?? nil, of: holder.workspace)
    return ConvertlyStore.answer(.created, [("folder", store.document(folder))])
  }

  @Sendable private func change(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.folder, request, orElse: .unknownFolder)
    var body = try await store.body(request)
    let name = body.text("name")
    let color = color(&body)
    let parent = try store.folder("parentId", &body)
    try body.check()
    let folder = try await store.files.changeFolder(holder.workspace, row: row) { change in
      if let name { change.name = name }
      if let color { change.color = color }
      if let parent { change.parent = parent }
    }
    return ConvertlyStore.answer(.ok, [("folder", store.document(folder))])
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.folder, request, orElse: .unknownFolder)
    try await store.files.deleteFolder(holder.workspace, row: row)
    return ConvertlyStore.deleted("The folder was deleted; what was in it is where the folder was.")
  }

  private func color(_ body: inout ConvertlyBody) -> String? {
    let color = body.text("color")
    if color?.utf8.count ?? 0 > ConvertlyFolders.longestColor {
      body.wrong.append("color", "is longer than \(ConvertlyFolders.longestColor) bytes")
    }
    return color
  }
}
