import Basics
import Engine
import HTTP
import Storage

/// Files from elsewhere, as they are or taken out of an archive: into the store, or to whoever asks.
struct ConvertlyTransfers: Sendable {
  /// How long a client is kept waiting that wants the file in the answer.
  private static let patience = Duration.seconds(110)
  private static let destinations = ["download", "convertly-storage"]
  private static let providers = ["s3", "google-drive", "dropbox"]

  let store: ConvertlyStore

  init(parts: DialectParts) { store = ConvertlyStore(parts: parts) }

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/transfer", .submit, needing: [], bodyLimit: Int64(ConvertlyStore.largestDocument),
        admission: store.parts.admission, transfer)
    ]
  }

  /// What a client asks for.
  private struct Wish {
    var submission: Submission
    var isStored: Bool
    var isAsync: Bool
    /// The name of the folder that the files of an archive come into.
    var folderName: String?
  }

  @Sendable private func transfer(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    try store.parts.jobs.intake.requireRoom()
    var body = try await store.body(request)
    var wish = try read(&body, holder, request)
    if let name = wish.folderName {
      let folder = try await store.files.makeFolder(name, in: wish.submission.storing?.folderID, of: holder.workspace)
      wish.submission.storing?.folderID = folder.id
    }
    let row = try await store.parts.jobs.intake.submit(wish.submission, by: holder).jobID
    guard wish.isAsync else { return try await wait(row, wish, holder, request) }
    return accepted(row)
  }

  private func accepted(_ row: Int64) -> Response {
    ConvertlyStore.answer(
      .accepted,
      [
        ("jobId", .string(store.name(.request, row))), ("status", .string("pending")), ("mode", .string("async")),
      ])
  }

  /// The bytes, or what was stored.
  private func wait(_ row: Int64, _ wish: Wish, _ holder: KeyHolder, _ request: Request) async throws -> Response {
    try await store.parts.jobs.waitForEnd(row: row, longest: ConvertlyTransfers.patience)
    let view = try store.parts.jobs.desk.view(holder.workspace, row: row)
    switch view.job.status {
    case .incomplete, .downloading, .pending, .processing: return accepted(row)
    case .failed, .canceled:
      let words = view.job.errorMessage ?? "the transfer was canceled"
      throw Refusal(
        view.job.errorCode ?? "transfer_failed", view.job.errorCode == "internal_error" ? 500 : 400,
        words.prefix(1).uppercased() + words.dropFirst())
    case .completed: break
    }
    guard wish.isStored else {
      guard let file = view.outputs.first else { throw Refusal.unknownFile }
      let open = try store.parts.jobs.open(holder.workspace, file: file.identifier)
      return Response.file(
        try OpenFile(descriptor: open.descriptor), named: file.name, contentType: file.output.mediaType,
        etag: "\"\(Hexadecimal.encode(file.output.sha256.prefix(16)))\"", for: request
      )
      .with(.cacheControl, "private, no-store")
      .with(.contentSecurityPolicy, "sandbox; default-src 'none'")
    }
    let (stored, kept) = try store.files.stored(holder.workspace, job: row)
    let files = stored.map { store.document($0, request) }
    return ConvertlyStore.answer(
      .ok,
      [
        ("jobId", .string(store.name(.request, row))), ("status", .string("completed")), ("mode", .string("sync")),
        ("file", files.first ?? .null), ("files", .array(files)),
        (
          "storage",
          .object([("saved", .boolean(!files.isEmpty)), ("notice", kept?.notice.map(JSONValue.string) ?? .null)])
        ),
      ])
  }

  private func read(_ body: inout ConvertlyBody, _ holder: KeyHolder, _ request: Request) throws -> Wish {
    let destination = body.text("destination") ?? ConvertlyTransfers.destinations[0]
    if !ConvertlyTransfers.destinations.contains(destination) {
      let valid = ConvertlyTransfers.destinations.joined(separator: ", ")
      body.wrong.append("destination", "\"\(destination)\" is not known; valid: \(valid)")
    }
    let isStored = destination == ConvertlyTransfers.destinations[1]
    let isAsync = body.flag("async") ?? isStored
    let extracts = body.flag("extract") ?? false
    let name = body.text("filename")
    var more = body.object("extractOptions") ?? ConvertlyBody([])
    var cloud = body.object("cloudSource")
    let address = body.text("sourceUrl")
    if (address == nil) == (cloud == nil), body.wrong.isEmpty {
      body.wrong.append("sourceUrl", "or cloudSource is required, one of them")
    }
    if let address, let problem = KeptPlace.problem(of: address) { body.wrong.append("sourceUrl", problem) }
    let folderName = more.text("folderName")
    let keepsFolders = more.flag("preservePaths") ?? false
    try more.check()
    try body.check()
    let source = try cloud.map { _ in try cloudFile(&cloud, name) } ?? .address(address ?? "", name: name)
    var folder = try store.folder("folderId", &body) ?? nil
    if let own = try store.folder("targetFolderId", &more) { folder = own }
    if cloud != nil,
      let own = try cloud.flatMap({ cloud in
        var cloud = cloud
        return try store.folder("targetFolderId", &cloud)
      })
    {
      folder = own
    }
    var submission = Submission(
      dialect: Convertly.name, fields: [("body", request.id)], route: "POST /api/transfer", conversionType: nil,
      from: nil, to: "files", sources: [source], mostBytes: store.parts.largestFile(holder))
    submission.waitsForEnd = !isAsync
    submission.extras = !extracts ? .copiesFiles : keepsFolders && isStored ? .storesFolders : []
    submission.packsOutputs = extracts && !isStored
    if isStored { submission.storing = StoreWish(folderID: folder) }
    submission.dialectData = #"{"k":"transfer","t":null,"s":\#(isStored)}"#
    return Wish(
      submission: submission, isStored: isStored, isAsync: isAsync,
      folderName: isStored && extracts ? folderName : nil)
  }

  /// A file of a store elsewhere; of the vendor's providers this server knows the one that many others speak like, too.
  private func cloudFile(_ cloud: inout ConvertlyBody?, _ name: String?) throws -> Submission.Source {
    guard var body = cloud else { throw Refusal.invalidFields }
    let provider = body.text("provider") ?? ""
    guard ConvertlyTransfers.providers.contains(provider) else {
      let valid = ConvertlyTransfers.providers.joined(separator: ", ")
      throw Refusal.invalidFields.naming([
        .init("cloudSource.provider", "\"\(provider)\" is not known; valid: \(valid)")
      ])
    }
    guard provider == "s3" else {
      throw Refusal("not_available", 403, "Files of \(provider) are not available on this server; s3 is.")
    }
    let place = CloudPlace(
      s3: body.text("endpoint"), region: body.text("region"), bucket: body.text("bucket") ?? "",
      key: body.text("key") ?? "", style: nil)
    let credentials = CloudCredentials(
      user: body.text("accessKeyId") ?? "", password: body.text("secretAccessKey") ?? "",
      token: body.text("sessionToken"))
    if body.has("prefix"), body.text("key") == nil {
      body.wrong.append("cloudSource.prefix", "is not possible; name one object with key")
    }
    let names: [CloudPlace.Part: String] = [.path: "key", .user: "accessKeyId", .password: "secretAccessKey"]
    if body.wrong.isEmpty, let problem = place.problem() ?? credentials.problem(for: place.kind) {
      body.wrong.append("cloudSource.\(names[problem.part] ?? problem.part.rawValue)", problem.text)
    }
    try body.check()
    return .cloud(CloudFile(place, credentials, name: name))
  }
}
