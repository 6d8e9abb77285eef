import Basics
import Engine
import HTTP
import Storage

/// Reads what a client asks for; after this no word of the dialect is left.
enum KoalaPicRequests {
  private static let members = ["url", "output_format", "quality", "webhook_url"]
  /// "jpg(default)".
  private static let usualTarget = "jpg"
  /// "1–100 (85)".
  private static let usualQuality = "85"
  private static let longestValue = 255

  /// One file, in `file`.
  static func conversion(
    _ form: UploadForm, _ request: Request, _ parts: DialectParts, _ holder: KeyHolder
  ) throws -> Submission {
    try submission(
      form.fields, form.files, fileFields: ["file"], mostFiles: 1, route: "POST /api/v1/convert", request, parts, holder
    )
  }

  /// Up to fifty, in `files`; each is a task of its own.
  static func batch(
    _ form: UploadForm, _ request: Request, _ parts: DialectParts, _ holder: KeyHolder
  ) throws -> Submission {
    var submission = try submission(
      form.fields, form.files, fileFields: ["files", "files[]"], mostFiles: KoalaPic.mostFiles,
      route: "POST /api/v1/convert/batch", request, parts, holder)
    submission.batch = Submission.BatchWish(mode: .individual)
    return submission
  }

  /// The members of a JSON document as a form's fields.
  @Sendable static func document(_ members: ClientDocument.Members) throws -> FormFields {
    var fields: FormFields = []
    var wrong = WrongFields()
    for (name, value) in members where value != .null {
      switch value {
      case _ where !KoalaPicRequests.members.contains(name):
        wrong.append(name, "is not known; valid: \(KoalaPicRequests.members.joined(separator: ", "))")
      case .string(let text): fields.append((name, text))
      case .integer where name == "quality": fields.append((name, value.text))
      default: wrong.append(name, "must be a text")
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return fields
  }

  static func conversion(
    ofAddressIn fields: FormFields, _ request: Request, _ parts: DialectParts, _ holder: KeyHolder
  ) throws -> Submission {
    guard let address = fields.text("url") else {
      throw Refusal.invalidFields.naming([.init("url", "is required")])
    }
    if let problem = KeptPlace.problem(of: address) {
      throw Refusal.invalidFields.naming([.init("url", problem)])
    }
    var submission = try submission(
      fields, [], fileFields: [], mostFiles: 0, route: "POST /api/v1/convert/url", request, parts, holder)
    submission.sources = [.address(address, name: nil)]
    return submission
  }

  private static func submission(
    _ fields: FormFields, _ files: [SpoolFile], fileFields: [String], mostFiles: Int, route: String,
    _ request: Request, _ parts: DialectParts, _ holder: KeyHolder
  ) throws -> Submission {
    var wrong = WrongFields()
    let own = files.filter { fileFields.contains($0.fieldName) }
    for file in files where !fileFields.contains(file.fieldName) {
      wrong.append(file.fieldName, "is not a field for a file; valid: \(fileFields.first ?? "none")")
    }
    for file in own where file.size == 0 { wrong.append(.files, "\(FileNames.clean(file.fileName)) is empty") }
    if mostFiles > 0 && own.isEmpty { wrong.append(.files, "is required") }
    if own.count > mostFiles { wrong.append(.files, "\(own.count) files are more than the \(mostFiles) allowed") }
    for name in ["output_format", "quality"] where fields.text(name)?.utf8.count ?? 0 > longestValue {
      wrong.append(name, "is longer than \(longestValue) bytes")
    }
    let quality = fields.text("quality")
    if let quality, !(1...100).contains(Int(quality) ?? 0) {
      wrong.append("quality", "\"\(quality)\" is not from 1 to 100")
    }
    let webhook = fields.text("webhook_url")
    if let webhook, let problem = WebhookAddress.problem(of: webhook) { wrong.append("webhook_url", problem) }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let target = (fields.text("output_format") ?? usualTarget).lowercased()
    var submission = Submission(
      dialect: KoalaPic.name, fields: fields, route: route, conversionType: nil, from: nil, to: target,
      options: quality.map { ["quality": $0] } ?? (takesQuality(target) ? ["quality": usualQuality] : [:]),
      sources: own.map { $0.source() }, mostBytes: parts.largestFile(holder),
      idempotencyKey: request.headers[.idempotencyKey], webhookURL: webhook)
    submission.signsWithKey = true
    return submission
  }

  private static func takesQuality(_ target: String) -> Bool { ["jpg", "jpeg"].contains(target) }
}
