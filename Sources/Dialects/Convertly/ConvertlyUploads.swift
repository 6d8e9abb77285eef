import Basics
import Engine
import HTTP
import Storage

/// Large files: begun with a document, sent to a signed address in one piece or in parts, and stored with another document.
///
/// The parts come by the core of the resumable upload protocol that tus-js-client and Uppy speak (tus 1.0.0): HEAD tells how
/// much is on disk, PATCH goes on from there, DELETE gives up.
struct ConvertlyUploads: Sendable {
  private static let version = "1.0.0"
  private static let resumable = HeaderName("Tus-Resumable")
  private static let offset = HeaderName("Upload-Offset")
  private static let partType = "application/offset+octet-stream"

  let store: ConvertlyStore

  init(parts: DialectParts) { store = ConvertlyStore(parts: parts) }

  var routes: [DialectRoute] {
    let document = Int64(ConvertlyStore.largestDocument)
    return [
      DialectRoute(
        .post, "/api/uploads", .submit, needing: [], bodyLimit: document, admission: store.parts.admission, begin),
      DialectRoute(.post, "/api/uploads/complete", .submit, needing: [], bodyLimit: document, complete),
    ]
      + ([
        (.put, put), (.patch, append), (.head, tell), (.delete, abandon), (.options, explain),
      ] as [(Method, Route.Handler)]).map { method, handler in
        DialectRoute(open: method, "/api/uploads/{token}", bodyLimit: FileStore.largestFile) { request in
          try await ConvertlyUploads.readable(request, handler)
        }
      }
  }

  /// The address is the permission, so any page that has it may use it and read what is answered.
  private static func readable(_ request: Request, _ handler: Route.Handler) async throws -> Response {
    do {
      return try await handler(request).with(.accessControlAllowOrigin, "*")
        .with(.accessControlExposeHeaders, "Upload-Offset, Upload-Length, Tus-Resumable")
    } catch let refusal as Refusal {
      throw refusal.readable(from: request.headers[.origin])
    }
  }

  /// What a browser asks before it sends, and what a client asks that wants to know what can be done here.
  @Sendable private func explain(_ request: Request) async throws -> Response {
    Response(.noContent).with(.accessControlAllowMethods, "PUT, PATCH, HEAD, DELETE, OPTIONS")
      .with(.accessControlAllowHeaders, "Content-Type, Tus-Resumable, Upload-Offset").with(.accessControlMaxAge, "600")
      .with(ConvertlyUploads.resumable, ConvertlyUploads.version)
      .with(HeaderName("Tus-Version"), ConvertlyUploads.version).with(HeaderName("Tus-Extension"), "termination")
  }

  @Sendable private func begin(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try store.parts.jobs.intake.requireRoom()
    var body = try await store.body(request)
    let name = body.text("filename")
    let size = body.whole("sizeBytes")
    let type = body.text("contentType")
    let isResumable = body.flag("resumable") ?? true
    if body.wrong.isEmpty {
      if name == nil { body.wrong.append("filename", "is required") }
      if size == nil { body.wrong.append("sizeBytes", "is required") }
    }
    let folder = try store.folder("folderId", &body)
    try body.check()
    let arrival = try await store.files.begin(
      name ?? "", mediaType: type, size: size ?? 0, in: folder ?? nil, of: holder.workspace,
      most: holder.plan.maxUpload)
    let token = store.files.token(for: arrival)
    let path = "\(store.name(.upload, arrival.id))/\(arrival.name)"
    func link(_ path: String) -> JSONValue { .string(store.parts.address.link(path, for: request)) }
    let place = [("provider", JSONValue.string("wonder")), ("bucket", .string(holder.workspace.slug))]
    return ConvertlyStore.answer(
      .created,
      [
        (
          "upload",
          .object(
            place + [
              ("path", .string(path)), ("signedUrl", link("/api/uploads/\(token)")), ("token", .string(token)),
              ("method", .string("PUT")), ("expiresInSeconds", .integer(FileStore.arrivalLife.milliseconds / 1000)),
            ])
        ),
        (
          "resumable",
          isResumable
            ? .object([
              ("protocol", .string("tus")), ("version", .string(ConvertlyUploads.version)),
              ("url", link("/api/uploads/\(token)")), ("offset", .integer(0)),
            ]) : .null
        ),
        (
          "complete",
          .object([
            ("url", link("/api/uploads/complete")),
            (
              "body",
              .object(
                [
                  ("path", .string(path)), ("filename", .string(arrival.name)),
                  ("contentType", .string(type ?? "application/octet-stream")), ("sizeBytes", .integer(arrival.size)),
                  ("folderId", arrival.folderID.map { .string(store.name(.folder, $0)) } ?? .null),
                ] + place)
            ),
          ])
        ),
      ])
  }

  /// "POST complete with `complete.body`": its path says which; once more gives the same file again.
  @Sendable private func complete(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    var body = try await store.body(request)
    let path = body.text("path")
    if path == nil, body.wrong.isEmpty { body.wrong.append("path", "is required") }
    try body.check()
    let name = path?.split(separator: "/").first.map(String.init)
    guard let row = ConvertlyNames.row(.upload, name, store.identifiers) else { throw Refusal.unknownUpload }
    let (file, isAgain) = try await store.files.complete(holder.workspace, row: row)
    return ConvertlyStore.answer(
      isAgain ? .ok : .created, [("file", store.document(file, request)), ("idempotent", .boolean(isAgain))])
  }

  /// The whole file; what came before of it is replaced.
  @Sendable private func put(_ request: Request) async throws -> Response {
    let arrival = try arrival(request)
    if let length = request.body.declaredLength, length != arrival.size {
      throw Refusal("upload_size_mismatch", 400, "This upload was begun for \(arrival.size) bytes.")
    }
    let received = try await receive(request, store.files.part(of: store.files.anew(arrival), at: 0))
    guard received == arrival.size else { throw Refusal.uploadIsIncomplete(received, of: arrival.size) }
    return ConvertlyStore.answer(.ok, [("success", .boolean(true)), ("sizeBytes", .integer(received))])
  }

  /// The next bytes; answered when they are on disk.
  @Sendable private func append(_ request: Request) async throws -> Response {
    try checkVersion(request)
    let arrival = try arrival(request)
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
    guard type == ConvertlyUploads.partType else { throw HTTPFailure.unsupportedMediaType(ConvertlyUploads.partType) }
    guard let offset = request.headers[ConvertlyUploads.offset].flatMap({ Int64($0) }), offset >= 0 else {
      throw Refusal("upload_offset_missing", 400, "Upload-Offset must say which byte comes first.")
    }
    let received = try await receive(request, store.files.part(of: arrival, at: offset))
    return told(Response(.noContent), received)
  }

  @Sendable private func tell(_ request: Request) async throws -> Response {
    try checkVersion(request)
    let arrival = try arrival(request)
    return told(Response(.ok), arrival.received).with(HeaderName("Upload-Length"), String(arrival.size))
      .with(.cacheControl, "no-store")
  }

  @Sendable private func abandon(_ request: Request) async throws -> Response {
    try checkVersion(request)
    try await store.files.abandon(try arrival(request))
    return Response(.noContent).with(ConvertlyUploads.resumable, ConvertlyUploads.version)
  }

  private func arrival(_ request: Request) throws -> Arrival {
    let arrival = try store.files.arrival(token: request.parameters["token"] ?? "")
    request.vouch()
    return arrival
  }

  /// Takes what comes; also of a client that goes away in the middle, what has come by then is put on disk.
  private func receive(_ request: Request, _ part: ArrivalPart) async throws -> Int64 {
    do {
      while let piece = try await request.body.next() { try part.write(piece) }
    } catch {
      _ = try? await store.files.record(part)
      throw error
    }
    return try await store.files.record(part)
  }

  private func told(_ response: Response, _ offset: Int64) -> Response {
    response.with(ConvertlyUploads.resumable, ConvertlyUploads.version).with(ConvertlyUploads.offset, String(offset))
  }

  private func checkVersion(_ request: Request) throws {
    guard request.headers[ConvertlyUploads.resumable] ?? ConvertlyUploads.version == ConvertlyUploads.version else {
      throw Refusal("tus_version", 412, "Tus-Resumable must be \(ConvertlyUploads.version).")
    }
  }
}
