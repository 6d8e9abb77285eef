import Basics
import Engine
import HTTP
import Storage

/// The files of the store: lists, one by one, several as an archive.
struct ConvertlyFiles: Sendable {
  /// Files of a page, and where none says.
  private static let (mostListed, usualListed) = (200, 50)
  private static let (mostTags, longestNote) = (50, 4000)
  /// Files of one archive.
  private static let mostPacked = 1000

  let store: ConvertlyStore

  init(parts: DialectParts) { store = ConvertlyStore(parts: parts) }

  var routes: [DialectRoute] {
    let parts = store.parts
    let document = Int64(ConvertlyStore.largestDocument)
    return [
      DialectRoute(.get, "/api/files", .read, needing: [], list),
      DialectRoute(
        .post, "/api/files", .submit, needing: [], bodyLimit: parts.maxUpload, admission: parts.admission, add),
      DialectRoute(.get, "/api/files/search", .read, needing: [], search),
      DialectRoute(.post, "/api/files/zip", .read, needing: [], bodyLimit: document, pack),
      DialectRoute(.get, "/api/files/{id}", .read, needing: [], show),
      DialectRoute(.patch, "/api/files/{id}", .submit, needing: [], bodyLimit: document, change),
      DialectRoute(.delete, "/api/files/{id}", .submit, needing: [], remove),
    ]
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let query = try query(request)
    let (files, total) = try await found(query, holder, request)
    return ConvertlyStore.answer(
      .ok,
      [
        ("files", .array(files)),
        ("pagination", ConvertlyStore.pagination(query.limit, query.skipped, of: total, shown: files.count)),
      ])
  }

  @Sendable private func search(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let query = try query(request)
    let (files, total) = try await found(query, holder, request)
    func said(_ name: String) -> JSONValue { request.queryValue(name).map(JSONValue.string) ?? .null }
    return ConvertlyStore.answer(
      .ok,
      [
        ("files", .array(files)),
        ("pagination", ConvertlyStore.pagination(query.limit, query.skipped, of: total, shown: files.count)),
        (
          "applied",
          .object([
            ("q", .string(query.text)), ("tags", .array(query.tags.map(JSONValue.string))),
            ("tagMode", .string(query.needsAllTags ? "all" : "any")), ("orientation", said("orientation")),
            ("folderId", said("folderId")), ("mimePrefix", said("mimePrefix")),
            ("locale", .string(request.queryValue("locale") ?? "en")),
          ])
        ),
      ])
  }

  private func found(
    _ query: StoredFiles.Query, _ holder: KeyHolder, _ request: Request
  ) async throws -> (files: [JSONValue], total: Int) {
    let found = try await store.parts.jobs.blocking.run { [files = store.files] in
      try files.list(holder.workspace, query)
    }
    return (found.files.map { store.document($0, request) }, found.count)
  }

  /// What a list is asked for; an empty value counts as not sent.
  private func query(_ request: Request) throws -> StoredFiles.Query {
    var query = StoredFiles.Query()
    var wrong = WrongFields()
    func text(_ name: String) -> String? { request.queryValue(name).flatMap { $0.isEmpty ? nil : $0 } }
    func number(_ name: String, _ usual: Int, _ range: ClosedRange<Int>) -> Int {
      guard let text = text(name) else { return usual }
      if let number = Int(text), range.contains(number) { return number }
      wrong.append(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return usual
    }
    query.limit = number("limit", ConvertlyFiles.usualListed, 1...ConvertlyFiles.mostListed)
    query.skipped = number("offset", 0, 0...1_000_000_000)
    query.text = text("q") ?? text("search") ?? ""
    query.mediaType = text("mimePrefix")?.lowercased() ?? ""
    query.tags = text("tags")?.split(separator: ",").map { String($0.drop { $0 == " " }) } ?? []
    if query.tags.count > ConvertlyFiles.mostTags { wrong.append("tags", "are more than \(ConvertlyFiles.mostTags)") }
    query.needsAllTags = text("tagMode") == "all"
    if let shape = text("orientation") {
      query.shape = StoredFiles.Query.Shape(rawValue: shape)
      let valid = StoredFiles.Query.Shape.allCases.map(\.rawValue).joined(separator: ", ")
      if query.shape == nil { wrong.append("orientation", "\"\(shape)\" is not known; valid: \(valid)") }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    if let folder = text("folderId") { query.place = .folder(try store.folder(folder)) }
    return query
  }

  /// The files of a form: `file`, which the vendor's clients send, or several as `files`.
  @Sendable private func add(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try store.parts.jobs.intake.requireRoom()
    let form = try await store.parts.form(request, of: holder)
    var wrong = WrongFields()
    if form.files.isEmpty { wrong.append("file", "is required") }
    for file in form.files where file.size == 0 { wrong.append("file", "\(FileNames.clean(file.fileName)) is empty") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let folder = try form.fields.text("folderId").flatMap { try store.folder($0) }
    let name = form.files.count == 1 ? form.fields.text("filename") : nil
    var stored: [JSONValue] = []
    for file in form.files {
      let view = try await store.files.add(file.file(named: name), to: folder, in: holder.workspace)
      stored.append(store.document(view, request))
    }
    return ConvertlyStore.answer(.created, [("file", stored[0]), ("files", .array(stored))])
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.storedFile, request, orElse: .unknownStoredFile)
    return answer(try store.files.view(holder.workspace, row: row), request)
  }

  @Sendable private func change(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.storedFile, request, orElse: .unknownStoredFile)
    var body = try await store.body(request)
    if body["cdnSlug"]?.string?.isEmpty == false {
      throw Refusal("not_available", 403, "Addresses of one's own for files are not available on this server.")
    }
    let name = body.text("filename") ?? body.text("name")
    if name == nil, body.has("filename") || body.has("name") { body.wrong.append("filename", "must not be empty") }
    let folder = try store.folder("folderId", &body)
    let description = body.has("description") ? body.text("description") ?? "" : nil
    if description?.utf8.count ?? 0 > ConvertlyFiles.longestNote {
      body.wrong.append("description", "is longer than \(ConvertlyFiles.longestNote) bytes")
    }
    let tags = body.texts("tags", most: ConvertlyFiles.mostTags)
    if tags?.contains(where: { $0.utf8.count > 100 }) ?? false {
      body.wrong.append("tags", "have one that is longer than 100 bytes")
    }
    try body.check()
    let view = try await store.files.change(holder.workspace, row: row) { change in
      if let name { change.name = name }
      if let folder { change.folder = folder }
      guard description != nil || tags != nil else { return }
      var notes = change.metadata.flatMap { try? JSONReader.parse($0.utf8) }?.members ?? []
      func set(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        notes.removeAll { $0.name == name }
        notes.append((name, value))
      }
      set("description", description.map(JSONValue.string))
      set("tags", tags.map { .array($0.map(JSONValue.string)) })
      change.metadata = JSONValue.object(notes).text
    }
    return answer(view, request)
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.storedFile, request, orElse: .unknownStoredFile)
    try await store.files.delete(holder.workspace, row: row)
    return ConvertlyStore.deleted("The file was deleted.")
  }

  /// Several files in one archive, which is made now and kept nowhere.
  @Sendable private func pack(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var body = try await store.body(request)
    let most = ConvertlyFiles.mostPacked
    let names = body.texts("fileIds", most: most) ?? body.texts("ids", most: most) ?? []
    let fileName = body.text("filename") ?? "files.zip"
    if names.isEmpty, body.wrong.isEmpty { body.wrong.append("fileIds", "is required") }
    try body.check()
    let rows = try names.map { name in
      guard let row = ConvertlyNames.row(.storedFile, name, store.identifiers) else { throw Refusal.unknownStoredFile }
      return row
    }
    let (descriptor, tag) = try await store.files.archive(holder.workspace, rows: rows)
    return Response.file(
      try OpenFile(descriptor: descriptor), named: FileNames.clean(fileName), contentType: "application/zip",
      etag: "\"\(tag)\"", for: request
    )
    .with(.cacheControl, "private, no-store")
  }

  private func answer(_ view: StoredFileView, _ request: Request) -> Response {
    ConvertlyStore.answer(.ok, [("file", store.document(view, request))])
  }
}
