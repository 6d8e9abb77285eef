import Basics
import Engine
import HTTP
import Storage

/// Conversions that a member starts on the pages, their events as they come, and the files of jobs.
struct ConversionsNoun {
  /// What browsers can show as a picture; everything else is only for download.
  private static let shown: Set<String> = [
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif", "image/svg+xml",
    "image/vnd.microsoft.icon",
  ]

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.post, "/workspaces/{slug}/jobs", .workspaceMember, bodyLimit: parts.conversions.maxUpload, submit),
      AdminRoute(.get, "/jobs/{request}/events", .workspaceMember, watch),
      AdminRoute(.get, "/jobs/{request}/inputs/{position}", .workspaceMember, input),
      AdminRoute(.get, "/jobs/{request}/outputs/{position}", .workspaceMember, output),
    ]
  }

  private var jobs: JobService { parts.conversions.jobs }

  /// Takes the form of the jobs API: `from`, `to`, `preset`, `archive`, `options[…]`, files and a `watermark`; beside
  /// them `stored[]`, which are files that the workspace has, and `page`, the address of a web page.
  ///
  /// With an Idempotency-Key a repetition is the job that is there.
  @Sendable private func submit(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let (workspace, plan) = try await place(request.parameters["slug"] ?? "", visitor)
    try jobs.intake.requireRoom()
    let largest = min(parts.conversions.maxUpload, plan.maxUpload ?? .max)
    let form = try await UploadForm.read(
      request, into: parts.conversions.spool, atMost: largest, limits: parts.conversions.forms,
      room: jobs.lifecycle.room.upload(workspace.id, plan))
    let stored = try form.fields.filter { $0.name == "stored[]" }.map { field in
      guard let row = parts.store.identifiers.row(.storedFile, field.value) else { throw Refusal.unknownStoredFile }
      return Submission.Source.stored(row, name: nil)
    }
    let pages = form.fields.text("page").map { [Submission.Source.page($0, name: nil)] } ?? []
    guard !(form.files.isEmpty && stored.isEmpty && pages.isEmpty) else {
      throw Refusal.invalidFields.naming([.init("files[]", "at least one file is required")])
    }
    var submission = ConversionsNoun.submission(form, stored + pages, mostBytes: largest)
    submission.idempotencyKey = request.headers[.idempotencyKey]
    let receipt = try await jobs.intake.submit(submission, by: Submitter(memberOf: workspace, on: plan))
    return .document(
      "job", .object([("request_id", .string(parts.store.identifiers.text(.request, receipt.jobID)))]),
      status: .accepted)
  }

  @Sendable private func watch(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try job(request, visitor)
    let after = Int64(request.headers[.lastEventID] ?? "") ?? 0
    let token = Doorkeeper.token(of: request)
    let (accounts, workspace) = (parts.accounts, job.workspaceID)
    let place = try parts.conversions.streams.enter("session \(visitor.actor.name)") {
      // On the socket there is no session; whoever may open it may see everything.
      guard let token else { return true }
      return (try? accounts.maySee(workspace, token: token)) ?? true
    }
    let channel = EventChannel()
    let beginning = try JobWatch.begin(job, after: after, in: parts.store, hub: parts.lifecycle.hub) { event in
      channel.send([ConversionsNoun.render(event)])
      if event.kind.isFinal { channel.finish() }
    }
    if beginning.hasEnded { channel.finish() }
    return .events(
      EventStream(
        channel, initial: beginning.past.map(ConversionsNoun.render), heartbeat: parts.conversions.streams.heartbeat,
        place: place, onClose: beginning.end))
  }

  @Sendable private func input(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try job(request, visitor)
    let inputs = try parts.store.read { try Inputs.all(job: job.id, in: $0) }
    guard let input = inputs.first(where: { String($0.position) == request.parameters["position"] }),
      let blob = input.blob
    else { throw Refusal.unknownFile }
    return try file(
      blob, named: input.fileName, mediaType: jobs.formats.mediaType(of: job.sourceFormat), etag: "\"i\(input.id)\"",
      request)
  }

  @Sendable private func output(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try job(request, visitor)
    let outputs = try parts.store.read { try Outputs.all(job: job.id, in: $0) }
    guard let position = Int(request.parameters["position"] ?? ""), outputs.indices.contains(position) else {
      throw Refusal.unknownFile
    }
    let output = outputs[position]
    return try file(
      output.blob, named: output.fileName, mediaType: output.mediaType, etag: "\"o\(output.id)\"", request)
  }

  /// `view=1` asks for a picture to be shown in a page; it may do nothing there.
  private func file(_ blob: String, named name: String, mediaType: String, etag: String, _ request: Request) throws
    -> Response
  {
    let isView = request.queryValue("view") != nil && ConversionsNoun.shown.contains(mediaType)
    let file = try OpenFile(descriptor: parts.store.blobs.open(blob))
    return Response.file(
      file, named: name, contentType: mediaType, etag: etag, for: request,
      disposition: isView ? .inline : .attachment
    )
    .with(.cacheControl, isView ? "private, max-age=300" : "private, no-store")
    .with(.contentSecurityPolicy, "sandbox; default-src 'none'; img-src data:")
  }

  /// The workspace a member submits to, and its plan; a suspended one takes nothing from anybody.
  private func place(_ slug: String, _ visitor: Visitor) async throws -> (Workspace, Plan) {
    try await parts.read { database in
      let workspace = try Provisioning.workspace(slug, database)
      try visitor.mustSee(workspace.id)
      guard workspace.state == .approved else { throw Refusal.workspaceNotApproved }
      guard let plan = try Plans.find(workspace.plan, in: database) else { throw Refusal.unknownWorkspace }
      return (workspace, plan)
    }
  }

  private func job(_ request: Request, _ visitor: Visitor) throws -> Job {
    guard let row = parts.store.identifiers.row(.request, request.parameters["request"] ?? ""),
      let job = try parts.store.read({ try Jobs.load(id: row, in: $0) })
    else { throw Refusal.unknownJob }
    try visitor.mustSee(job.workspaceID, orElse: .unknownJob)
    return job
  }

  private static func submission(
    _ form: UploadForm, _ stored: [Submission.Source], mostBytes: Int64
  ) -> Submission {
    func source(_ file: SpoolFile) -> Submission.Source {
      .file(
        Submission.File(
          path: file.path, name: file.fileName, size: file.size, contentType: file.contentType, keeper: file))
    }
    var submission = Submission(
      dialect: "wonder", fields: form.fields, route: "pages", conversionType: form.fields.text("conversion_type"),
      from: form.fields.text("from"), to: form.fields.text("to"), options: form.fields.group("options"),
      sources: form.files.filter { $0.fieldName != "watermark" }.map(source) + stored,
      mostBytes: mostBytes)
    submission.overlay = form.files.first { $0.fieldName == "watermark" }.map(source)
    submission.task.preset = form.fields.text("preset")
    submission.packsOutputs = form.fields.text("archive") == "zip"
    return submission
  }

  private static func render(_ event: Event) -> ServerSentEvent {
    ServerSentEvent(id: String(event.id), name: event.kind.rawValue, data: event.detail)
  }
}
