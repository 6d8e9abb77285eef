import Basics
import Engine
import HTTP
import Storage

/// The tools on a stored file, whose result is stored beside it.
struct ConvertlyFileTools: Sendable {
  private static let tools = [
    "transform", "vectorize", "watermark", "adjust", "trim", "convert", "extract-audio", "gif", "poster-frame",
    "storyboard", "thumbnail", "strip-metadata",
  ]
  private static let longestLogo = 4 << 20
  /// Bytes of a result that an answer has in itself.
  private static let longestPreview: Int64 = 8 << 20

  let parts: DialectParts
  let answers: ConvertlyAnswers

  private var store: ConvertlyStore { ConvertlyStore(parts: parts) }

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/files/{id}/tools", .submit, needing: [], bodyLimit: Int64(ConvertlyFileTools.longestLogo),
        admission: parts.admission, run)
    ]
  }

  /// "{tool, params, preview}" → `{file}`.
  @Sendable private func run(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let row = try store.row(.storedFile, request, orElse: .unknownStoredFile)
    let file = try parts.jobs.files.view(holder.workspace, row: row).file
    try parts.jobs.intake.requireRoom()
    let bytes = try await request.body.collect(atMost: ConvertlyFileTools.longestLogo)
    var body = try await ClientDocument.read(bytes, on: parts.jobs.blocking) { ConvertlyBody($0) }
    let name = body.text("tool") ?? ""
    let isPreview = body.flag("preview") ?? false
    let logo = body.text("watermarkLogoDataUrl")
    let parameters = body["params"]?.members ?? []
    if let given = body["params"], given != .null, given.members == nil {
      body.wrong.append("params", "must be an object")
    }
    try body.check()
    if name == "remove-background" { throw ConvertlyRefusals.absent("Removing backgrounds") }
    guard ConvertlyFileTools.tools.contains(name) else {
      let valid = ConvertlyFileTools.tools.joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("tool", "\"\(name)\" is not known; valid: \(valid)")])
    }
    var fields: FormFields = parameters.compactMap { $1 == .null ? nil : ($0, $1.string ?? $1.text) }
    fields.removeAll { ["fileId", "fileIds", "sourceUrl", "saveToStorage", "folderId"].contains($0.name) }
    fields.append(("fileId", store.name(.storedFile, row)))
    fields.append(("saveToStorage", String(!isPreview)))
    if let folder = file.folderID { fields.append(("folderId", store.name(.folder, folder))) }
    if name == "vectorize" { fields.append(("format", "svg")) }
    let (all, reader) = (fields, requests(name, holder, request))
    let submission = try await parts.jobs.blocking.run { try order(name, all, logo, reader) }
    let job = try await answers.submit(submission, by: holder)
    guard let end = try await answers.end(of: job, holder) else { return answers.late(job, request) }
    return try isPreview ? preview(end) : stored(end, holder, request)
  }

  private func requests(_ name: String, _ holder: KeyHolder, _ request: Request) -> ConvertlyRequests {
    ConvertlyRequests(parts: parts, route: "POST /api/files/tools/" + name, holder: holder, request: request)
  }

  private func order(
    _ name: String, _ fields: FormFields, _ logo: String?, _ requests: ConvertlyRequests
  ) throws -> Submission {
    guard let tool = ConvertlyTool.all.first(where: { $0.name == name }) else {
      return try requests.conversion(fields)
    }
    let overlay = try logo.map { try parts.jobs.intake.file(of: ConvertlyFileTools.picture($0), named: "logo") }
    return try requests.toolRun(tool, fields, overlay: overlay.map(Submission.Source.file)).0
  }

  /// The bytes of "data:image/png;base64,…" (RFC 2397).
  private static func picture(_ address: String) throws -> [UInt8] {
    guard address.hasPrefix("data:"), let comma = address.firstIndex(of: ","), address[..<comma].hasSuffix(";base64"),
      let bytes = Base64.decode(String(address[address.index(after: comma)...])), !bytes.isEmpty
    else { throw Refusal.invalidFields.naming([.init("watermarkLogoDataUrl", "must be a data: address in Base64")]) }
    return bytes
  }

  private func stored(_ job: WholeJob, _ holder: KeyHolder, _ request: Request) throws -> Response {
    let (files, wish) = try parts.jobs.files.stored(holder.workspace, job: job.job.id)
    guard let file = files.first(where: { $0.file.outputID != nil }) else {
      // "unless overage limits force a 403".
      throw Refusal("storage_full", 403, wish?.notice ?? "The result could not be stored.")
    }
    return ConvertlyStore.answer(.ok, [("file", store.document(file, request))])
  }

  private func preview(_ job: WholeJob) throws -> Response {
    guard let output = job.outputs.first, output.size <= ConvertlyFileTools.longestPreview else {
      throw ConvertlyRefusals.wrong("The result is too large for a preview; run the tool without.")
    }
    let bytes = try FileBytes.read(parts.jobs.store.blobs.path(output.output.blob), atMost: Int(output.size))
    let type = output.output.mediaType
    return ConvertlyStore.answer(
      .ok,
      [
        ("preview", .string("data:\(type);base64," + Base64.encode(bytes))), ("filename", .string(output.name)),
        ("mimeType", .string(type)), ("sizeBytes", .integer(output.size)),
      ])
  }
}
