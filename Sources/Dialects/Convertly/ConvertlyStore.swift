import Basics
import Engine
import HTTP
import Storage

/// What the routes of the file store share: the names of rows, the words for files and folders, and what clients send.
struct ConvertlyStore: Sendable {
  /// Bytes of a document that a client sends.
  static let largestDocument = 256 << 10

  let parts: DialectParts

  var files: FileStore { parts.jobs.files }
  var identifiers: PublicIdentifiers { parts.jobs.store.identifiers }

  /// "{file}", with a link under both names that the vendor's clients read: `download_url` (SDK) and `downloadUrl` (MCP).
  func document(_ view: StoredFileView, _ request: Request) -> JSONValue {
    let file = view.file
    let link = JSONValue.string(parts.address.link(view.path, for: request))
    let notes = file.metadata.flatMap { try? JSONReader.parse($0.utf8) }
    func side(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return .object([
      ("id", .string(name(.storedFile, file.id))), ("filename", .string(file.name)),
      ("mime_type", .string(file.mediaType)), ("size_bytes", .integer(file.size)),
      ("folder_id", file.folderID.map { .string(name(.folder, $0)) } ?? .null), ("cdn_slug", .null),
      ("width", side(file.width)), ("height", side(file.height)),
      ("duration", file.duration.map { .number(Double($0.milliseconds) / 1000) } ?? .null),
      ("metadata", notes ?? .object([])), ("sha256", .string(Hexadecimal.encode(file.sha256))),
      ("created_at", .string("\(file.createdAt)")), ("updated_at", .string("\(file.updatedAt)")),
      ("download_url", link), ("downloadUrl", link), ("expiresIn", .integer(Links.storedLife.milliseconds / 1000)),
    ])
  }

  func document(_ folder: StoredFolder) -> JSONValue {
    .object([
      ("id", .string(name(.folder, folder.id))), ("name", .string(folder.name)),
      ("color", .string(folder.color ?? "gray")),
      ("parent_id", folder.parentID.map { .string(name(.folder, $0)) } ?? .null),
      ("created_at", .string("\(folder.createdAt)")), ("updated_at", .string("\(folder.updatedAt)")),
    ])
  }

  func name(_ kind: PublicIdentifiers.Kind, _ row: Int64) -> String { ConvertlyNames.text(kind, row, identifiers) }

  /// The row that the path of a request names; throws `orElse` for a name that was never one.
  func row(_ kind: PublicIdentifiers.Kind, _ request: Request, orElse refusal: Refusal) throws(Refusal) -> Int64 {
    guard let row = ConvertlyNames.row(kind, request.parameters["id"], identifiers) else { throw refusal }
    return row
  }

  /// The folder of a name: nil for "null", which means those that are in none ("`folderId=null` as text means the root").
  ///
  /// Throws `Refusal.unknownFolder`.
  func folder(_ text: String) throws(Refusal) -> Int64? {
    if ["null", "root", ""].contains(text) { return nil }
    guard let row = ConvertlyNames.row(.folder, text, identifiers) else { throw .unknownFolder }
    return row
  }

  /// The members of a document that a client sends.
  func body(_ request: Request) async throws -> ConvertlyBody {
    let bytes = try await request.body.collect(atMost: ConvertlyStore.largestDocument)
    return try await ClientDocument.read(bytes, on: parts.jobs.blocking) { ConvertlyBody($0) }
  }

  /// Where a file or folder of a document is to be; nil when that does not say so.
  func folder(_ member: String, _ body: inout ConvertlyBody) throws(Refusal) -> Int64?? {
    guard body.has(member) else { return nil }
    if body[member] == .null { return .some(nil) }
    guard let text = body.text(member) else { return nil }
    return .some(try folder(text))
  }

  /// A page's place among all of its kind.
  static func pagination(_ limit: Int, _ offset: Int, of total: Int, shown: Int) -> JSONValue {
    .object([
      ("limit", .integer(Int64(limit))), ("offset", .integer(Int64(offset))), ("total", .integer(Int64(total))),
      ("hasMore", .boolean(offset + shown < total)),
    ])
  }

  static func answer(_ status: Status, _ members: [(name: String, value: JSONValue)]) -> Response {
    .convertly(status, .object(members))
  }

  /// "DELETE {success,message}".
  static func deleted(_ message: String) -> Response {
    answer(.ok, [("success", .boolean(true)), ("message", .string(message))])
  }
}
