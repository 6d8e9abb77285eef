import Basics
import Engine
import HTTP
import Storage

/// The stored files of workspaces and their folders in the admin API.
struct FilesNoun {
  /// What browsers can show as a picture; everything else is only for download.
  private static let shown: Set<String> = [
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif", "image/svg+xml",
    "image/vnd.microsoft.icon",
  ]
  private static let place = "/workspaces/{slug}"

  let parts: AdminParts

  var rows: [AdminRoute] {
    let place = FilesNoun.place
    return [
      AdminRoute(.get, place + "/files", .workspaceMember, list),
      AdminRoute(.post, place + "/files", .workspaceMember, bodyLimit: parts.conversions.maxUpload, add),
      AdminRoute(.post, place + "/files/of-job", .workspaceMember, keep),
      AdminRoute(.patch, place + "/files/{file}", .workspaceAdmin, change),
      AdminRoute(.delete, place + "/files/{file}", .workspaceAdmin, remove),
      AdminRoute(.get, place + "/files/{file}/content", .workspaceMember, content),
      AdminRoute(.post, place + "/folders", .workspaceMember, addFolder),
      AdminRoute(.patch, place + "/folders/{folder}", .workspaceAdmin, changeFolder),
      AdminRoute(.delete, place + "/folders/{folder}", .workspaceAdmin, removeFolder),
    ]
  }

  private var files: FileStore { parts.conversions.jobs.files }

  /// What is in a folder, or at the top; with `q` the files of all folders whose names have that part.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await workspace(request, visitor)
    let limit = try request.limit(standard: 50)
    let folder = try folder(request.queryValue("folder"))
    var query = StoredFiles.Query()
    query.limit = limit
    query.skipped = max(0, request.queryValue("skip").flatMap { Int($0) } ?? 0)
    query.text = request.queryValue("q") ?? ""
    query.place = query.text.isEmpty ? .folder(folder) : .anywhere
    let (page, line, folders) = try await parts.blocking.run { [files, query] in
      (
        try files.list(workspace, query), try folder.map { try files.line(workspace, to: $0) } ?? [],
        try files.folders(workspace, in: nil)
      )
    }
    return .document(
      "files", .array(page.files.map(describe)), ("total", .integer(Int64(page.count))),
      ("line", .array(line.reversed().map(describe))), ("folders", .array(folders.map(describe))))
  }

  /// Stores the files of a form, in `folder` where it has one.
  @Sendable private func add(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await workspace(request, visitor)
    let plan = try await parts.read { try Plans.find(workspace.plan, in: $0) }
    guard workspace.state == .approved, let plan else { throw Refusal.workspaceNotApproved }
    try parts.conversions.jobs.intake.requireRoom()
    let form = try await UploadForm.read(
      request, into: parts.conversions.spool, atMost: min(parts.conversions.maxUpload, plan.maxUpload ?? .max),
      limits: parts.conversions.forms, room: parts.lifecycle.room.upload(workspace.id, plan))
    guard !form.files.isEmpty else {
      throw Refusal.invalidFields.naming([.init("files[]", "at least one file is required")])
    }
    let folder = try folder(form.fields.text("folder"))
    var stored: [JSONValue] = []
    for file in form.files {
      let own = Submission.File(
        path: file.path, name: file.fileName, size: file.size, contentType: file.contentType, keeper: file)
      stored.append(describe(try await files.add(own, to: folder, in: workspace, origin: .pages)))
    }
    return .document("files", .array(stored), status: .created)
  }

  /// Stores an output of a job, `position` of `job`.
  @Sendable private func keep(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await workspace(request, visitor)
    guard workspace.state == .approved else { throw Refusal.workspaceNotApproved }
    let fields = try await JSONFields.read(request, parts.blocking)
    guard let job = parts.store.identifiers.row(.request, try fields.requiredText("job")) else {
      throw Refusal.unknownJob
    }
    let position = Int(try fields.requiredText("position")) ?? -1
    let stored = try await files.keep(
      output: position, ofJob: job, in: folder(try fields.text("folder")), of: workspace)
    return .document("file", describe(stored), status: .created)
  }

  @Sendable private func change(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await managed(request, visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    let name = try fields.text("name")
    let folder = try fields.text("folder").map { try self.folder($0) }
    let view = try await files.change(workspace, row: row(request), by: visitor.actor) { change in
      if let name, !name.isEmpty { change.name = name }
      if let folder { change.folder = folder }
    }
    return .document("file", describe(view))
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await files.delete(managed(request, visitor), row: row(request), by: visitor.actor)
    return .document("removed", .string(request.parameters["file"] ?? ""))
  }

  /// `view=1` asks for a picture to be shown in a page; it may do nothing there.
  @Sendable private func content(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let (file, descriptor) = try files.open(try await workspace(request, visitor), row: row(request))
    let isView = request.queryValue("view") != nil && FilesNoun.shown.contains(file.mediaType)
    return Response.file(
      try OpenFile(descriptor: descriptor), named: file.name, contentType: file.mediaType,
      etag: "\"\(Hexadecimal.encode(file.sha256.prefix(16)))\"", for: request,
      disposition: isView ? .inline : .attachment
    )
    .with(.cacheControl, isView ? "private, max-age=300" : "private, no-store")
    .with(.contentSecurityPolicy, "sandbox; default-src 'none'; img-src data:")
  }

  @Sendable private func addFolder(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await workspace(request, visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    let made = try await files.makeFolder(
      fields.requiredText("name"), in: folder(try fields.text("parent")), of: workspace)
    return .document("folder", describe(made), status: .created)
  }

  @Sendable private func changeFolder(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspace = try await managed(request, visitor)
    let fields = try await JSONFields.read(request, parts.blocking)
    let name = try fields.text("name")
    let parent = try fields.text("parent").map { try folder($0) }
    let changed = try await files.changeFolder(workspace, row: folderRow(request), by: visitor.actor) { change in
      if let name, !name.isEmpty { change.name = name }
      if let parent { change.parent = parent }
    }
    return .document("folder", describe(changed))
  }

  @Sendable private func removeFolder(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await files.deleteFolder(managed(request, visitor), row: folderRow(request), by: visitor.actor)
    return .document("removed", .string(request.parameters["folder"] ?? ""))
  }

  private func workspace(_ request: Request, _ visitor: Visitor) async throws -> Workspace {
    let workspace = try await parts.read { try Provisioning.workspace(request.parameters["slug"] ?? "", $0) }
    try visitor.mustSee(workspace.id)
    return workspace
  }

  private func managed(_ request: Request, _ visitor: Visitor) async throws -> Workspace {
    let workspace = try await workspace(request, visitor)
    try visitor.mustManage(workspace.id)
    return workspace
  }

  private func row(_ request: Request) throws -> Int64 {
    guard let row = parts.store.identifiers.row(.storedFile, request.parameters["file"] ?? "") else {
      throw Refusal.unknownStoredFile
    }
    return row
  }

  private func folderRow(_ request: Request) throws -> Int64 {
    guard let row = try folder(request.parameters["folder"]) else { throw Refusal.unknownFolder }
    return row
  }

  /// Nil for an empty text, which is the top.
  private func folder(_ text: String?) throws -> Int64? {
    guard let text, !text.isEmpty else { return nil }
    guard let row = parts.store.identifiers.row(.folder, text) else { throw Refusal.unknownFolder }
    return row
  }

  private func name(_ folder: Int64?) -> JSONValue {
    folder.map { .string(parts.store.identifiers.text(.folder, $0)) } ?? .string("")
  }

  private func describe(_ view: StoredFileView) -> JSONValue {
    let file = view.file
    return .object([
      ("id", .string(view.identifier)), ("name", .string(file.name)), ("media_type", .string(file.mediaType)),
      ("size", .integer(file.size)), ("folder", name(file.folderID)),
      ("is_shown", .boolean(FilesNoun.shown.contains(file.mediaType))), ("created_at", .string("\(file.createdAt)")),
    ])
  }

  private func describe(_ folder: StoredFolder) -> JSONValue {
    .object([
      ("id", name(folder.id)), ("name", .string(folder.name)), ("parent", name(folder.parentID)),
    ])
  }
}
