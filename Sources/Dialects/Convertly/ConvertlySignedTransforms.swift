import Basics
import Engine
import HTTP
import Storage

/// Addresses that change a picture when somebody asks for them: what is to be done stands in the address, and a code over it
/// that only this server can make.
struct ConvertlySignedTransforms: Sendable {
  private static let largestDocument = 16 << 10
  private static let path = "/api/media/transformed/"
  private static let lives = 60...604_800
  private static let usualLife = 3600
  private static let signed =
    ["sourceUrl", "fileId", "preset", "format", "rotate", "flip", "flop"] + ConvertlyTool.transforming.map(\.name)

  let parts: DialectParts
  let answers: ConvertlyAnswers

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/media/signed-transform", .submit, needing: [],
        bodyLimit: Int64(ConvertlySignedTransforms.largestDocument), sign),
      DialectRoute(open: .get, ConvertlySignedTransforms.path + "{token}", open),
    ]
  }

  private var tool: ConvertlyTool? { ConvertlyTool.all.first { $0.name == "transform" } }

  /// "{url, expiresAt}".
  @Sendable private func sign(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: ConvertlySignedTransforms.largestDocument)
    let all = try await ClientDocument.read(bytes, on: parts.jobs.blocking) { members in
      members.compactMap { name, value in value == .null ? nil : (name, value.string ?? value.text) } as FormFields
    }
    var fields = ConvertlyFields(all)
    let life = fields.whole("expiresIn", ConvertlySignedTransforms.lives) ?? ConvertlySignedTransforms.usualLife
    // Whoever has the address must not store files or have somebody called.
    let kept = all.filter { ConvertlySignedTransforms.signed.contains($0.name) && !$0.value.isEmpty }
    try fields.check()
    // Whatever would be refused when it is asked for is refused now.
    _ = try await parts.jobs.blocking.run { try transformation(kept, holder, request) }
    let end = parts.jobs.now + .seconds(Int64(life))
    let document = JSONValue.object([
      ("k", .integer(holder.key.id)), ("e", .integer(end.seconds)),
      ("f", .object(kept.map { ($0.name, .string($0.value)) })),
    ])
    let text = Base64.encodeForAddress(Array(document.text.utf8))
    let link = ConvertlySignedTransforms.path + text + "." + Base64.encodeForAddress(code(of: text))
    return .convertly(
      .ok,
      .object([
        ("url", .string(parts.address.link(link, for: request))), ("expiresAt", .string("\(end)")),
      ]))
  }

  /// The picture.
  @Sendable private func open(_ request: Request) async throws -> Response {
    let pieces = (request.parameters["token"] ?? "").split(separator: ".")
    guard pieces.count == 2, let given = Base64.decodeFromAddress(pieces[1]),
      isSameSecret(given, code(of: String(pieces[0]))), let bytes = Base64.decodeFromAddress(pieces[0]),
      let document = try? JSONReader.parse(bytes), let end = document["e"]?.integer, let key = document["k"]?.integer
    else { throw Refusal.unknownFile }
    let left = end - parts.jobs.now.seconds
    guard left > 0 else { throw Refusal.expiredLink }
    let holder = try parts.jobs.access.admit(signedBy: key, for: .submit)
    let fields = (document["f"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }
    let job = try await made(fields, "transform-" + Hexadecimal.encode(given.prefix(16)), holder, request)
    guard let job else { throw ConvertlySignedTransforms.late }
    guard let file = job.outputs.first else { throw Refusal.expiredLink }
    let (output, descriptor) = try parts.jobs.open(holder.workspace, file: file.identifier)
    return Response.file(
      try OpenFile(descriptor: descriptor), named: output.fileName, contentType: output.mediaType,
      etag: "\"\(Hexadecimal.encode(output.sha256.prefix(16)))\"", for: request, disposition: .inline
    )
    .with(.cacheControl, "public, max-age=\(min(left, Int64(ConvertlySignedTransforms.usualLife)))")
    .with(.contentSecurityPolicy, "sandbox; default-src 'none'")
  }

  private static let late = Refusal(
    "still_processing", 503, "This takes longer than a client can be kept waiting; try again.", retryAfter: 5)

  /// What was made for the same address lately, else what is made now.
  private func made(
    _ fields: FormFields, _ name: String, _ holder: KeyHolder, _ request: Request
  ) async throws -> WholeJob? {
    for key in [name, nil] {
      try parts.jobs.intake.requireRoom()
      var submission = try await parts.jobs.blocking.run { try transformation(fields, holder, request) }
      submission.idempotencyKey = key
      let row = try await answers.submit(submission, by: holder)
      guard let job = try await answers.end(of: row, holder) else { return nil }
      if !job.outputs.isEmpty { return job }
    }
    throw Refusal.expiredLink
  }

  private func transformation(_ fields: FormFields, _ holder: KeyHolder, _ request: Request) throws -> Submission {
    guard let tool else { throw ConvertlyRefusals.absent("Transforming") }
    let requests = ConvertlyRequests(
      parts: parts, route: "POST /api/media/signed-transform", holder: holder, request: request)
    return try requests.toolRun(tool, fields).0
  }

  private func code(of text: String) -> [UInt8] {
    parts.jobs.store.code(for: "signed transformations").code(for: Array(text.utf8))
  }
}
