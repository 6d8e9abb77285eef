import Basics
import Engine
import HTTP
import Storage

/// Reads the fields of a submission; after this no word of the dialect is left.
enum WonderRequests {
  private static let longestSecret = 255
  /// Bytes of a field that is a word or a number.
  private static let longestValue = 255
  /// The same of the value of an option, which may be a text such as the header of a page.
  private static let longestOption = 20_000
  private static let shortFields: Set<String> = [
    "conversion_type", "from", "to", "preset", "archive", "mode", "total_files", "total_size", "sync", "download",
    "notification_email",
  ]

  /// Throws `Refusal.invalidFields` that names everything missing or wrong in the form itself.
  ///
  /// `mostBytes` is the largest file that may be fetched for it.
  static func submission(_ form: WonderForm, idempotencyKey: String?, mostBytes: Int64) throws -> Submission {
    let required = ["conversion_type", "from"] + (form.text("preset") == nil ? ["to"] : [])
    var submission = try submission(form, "POST /api/v1/jobs", required, idempotencyKey, mostBytes)
    submission.waitsForEnd = try wantsResult(form)
    return submission
  }

  /// Each file a job of its own; `mode` is individual (the default) or zip.
  static func batch(_ form: WonderForm, idempotencyKey: String?, mostBytes: Int64) throws -> Submission {
    let required = form.text("preset") == nil ? ["to"] : []
    var submission = try submission(form, "POST /api/v1/batches", required, idempotencyKey, mostBytes)
    let text = form.text("mode")?.lowercased() ?? Batch.Mode.individual.rawValue
    guard let mode = Batch.Mode(rawValue: text) else {
      let valid = Batch.Mode.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("mode", "\"\(text)\" is no mode; valid: \(valid)")])
    }
    submission.batch = Submission.BatchWish(mode: mode)
    submission.site = try WonderSites.wish(form)
    return submission
  }

  private static func submission(
    _ form: WonderForm, _ route: String, _ required: [String], _ idempotencyKey: String?, _ mostBytes: Int64
  ) throws -> Submission {
    try checkLengths(form)
    var wrong = WrongFields(required.filter { form.text($0) == nil }.map { .init($0, "is required") })
    if form.inputs.isEmpty { wrong.append(.files, "at least one file is required") }
    for case .file(let file) in form.inputs where file.size == 0 { wrong.append(.files, isEmpty(file)) }
    if case .file(let file)? = form.watermark, file.size == 0 { wrong.append("watermark", isEmpty(file)) }
    wrong.append(contentsOf: form.wrong)
    if let total = form.text("total_files"), Int(total) != form.inputs.count {
      wrong.append("total_files", "\"\(total)\" was announced, and \(form.inputs.count) files were sent")
    }
    if let archive = form.text("archive"), archive != "zip" {
      wrong.append("archive", "\"\(archive)\" cannot be made; valid: zip")
    }
    let webhook = form.text("webhook_url")
    if let webhook, let problem = WebhookAddress.problem(of: webhook) { wrong.append("webhook_url", problem) }
    let secret = form.text("webhook_secret")
    if webhook != nil, let secret,
      secret.utf8.count > longestSecret || secret.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
    {
      wrong.append("webhook_secret", "must be 1 to \(longestSecret) characters without control characters")
    }
    let mail = form.text("notification_email")
    if let mail, let problem = MailAddress.problem(of: mail) { wrong.append("notification_email", problem) }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    var submission = Submission(
      dialect: Wonder.name, fields: form.fields, route: route,
      conversionType: form.text("conversion_type")?.lowercased(), from: form.text("from")?.lowercased(),
      to: form.text("to")?.lowercased(), options: form.fields.group("options"), sources: form.inputs.map(source),
      mostBytes: mostBytes, idempotencyKey: idempotencyKey, webhookURL: webhook,
      webhookSecret: secret)
    submission.notificationEmail = mail
    submission.task.preset = form.text("preset")
    submission.packsOutputs = form.text("archive") != nil
    submission.targets = form.targets
    submission.overlay = form.watermark.map(source)
    return submission
  }

  private static func source(_ input: WonderForm.Input) -> Submission.Source {
    switch input {
    case .address(let address, let name): .address(address, name: name)
    case .cloud(let file): .cloud(file)
    case .file(let file): file.source()
    }
  }

  private static func isEmpty(_ file: SpoolFile) -> String { "\(FileNames.clean(file.fileName)) is empty" }

  /// Refuses words and values that no field of the API can have, before anything is compared with them.
  private static func checkLengths(_ form: WonderForm) throws {
    var wrong = WrongFields()
    for (name, value) in form.fields {
      let isShort = shortFields.contains(name) || WonderSites.short.contains(name)
      let most = name.hasPrefix("options[") ? longestOption : isShort ? longestValue : .max
      if value.utf8.count > most { wrong.append(name, "is longer than \(most) bytes") }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
  }

  /// True when `sync` asks for the result in the answer.
  private static func wantsResult(_ form: WonderForm) throws -> Bool { try flag("sync", form) }

  /// True when `download` asks for the output itself instead of a document that names it.
  static func wantsFile(_ form: WonderForm) throws -> Bool {
    guard try flag("download", form) else { return false }
    guard try wantsResult(form) else {
      throw Refusal.invalidFields.naming([.init("download", "needs sync=true, for only then is there an output")])
    }
    return true
  }

  private static func flag(_ name: String, _ form: WonderForm) throws -> Bool {
    switch form.text(name)?.lowercased() {
    case nil, "false", "0": return false
    case "true", "1": return true
    default: throw Refusal.invalidFields.naming([.init(name, "must be true or false")])
    }
  }

  /// Reads `status`, `limit` (1 to 100, 50) and `cursor` of a list.
  static func listing(_ request: Request, _ identifiers: PublicIdentifiers) throws -> Reports.Query {
    var query = Reports.Query()
    var wrong: [Refusal.Field] = []
    if let text = request.queryValue("status") {
      query.status = JobStatus(rawValue: text)
      if query.status == nil {
        let names = JobStatus.allCases.map(\.rawValue).joined(separator: ", ")
        wrong.append(.init("status", "\"\(text)\" is no status; valid: \(names)"))
      }
    }
    do {
      let page = try page(request, of: query.limit) { identifiers.row(.request, $0) }
      query.limit = page.limit
      query.before = page.place ?? query.before
    } catch {
      wrong += error.fields
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return query
  }

  /// Reads `limit` (`least` to 100) and `cursor`, which `row` understands, of a list.
  static func page(
    _ request: Request, of standard: Int, least: Int = 1, _ row: (String) -> Int64?
  ) throws(Refusal) -> (limit: Int, place: Int64?) {
    var wrong: [Refusal.Field] = []
    var limit = standard
    if let text = request.queryValue("limit") {
      limit = Int(text) ?? -1
      if !(least...100).contains(limit) { wrong.append(.init("limit", "\"\(text)\" is not from \(least) to 100")) }
    }
    let cursor = request.queryValue("cursor")
    let place = cursor.flatMap(row)
    if cursor != nil && place == nil { wrong.append(.init("cursor", "is not a next_cursor of an earlier answer")) }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return (limit, place)
  }

  /// Reads `from`, `to` (months such as 2026-03) and `format` (json, csv) of a question about usage.
  static func usage(_ request: Request) throws -> (months: ClosedRange<String>?, isTable: Bool) {
    var wrong: [Refusal.Field] = []
    func month(_ name: String) -> String? {
      guard let text = request.queryValue(name) else { return nil }
      if !PosixPattern.isMatched("[0-9]{4}-(0[1-9]|1[0-2])", by: text) {
        wrong.append(.init(name, "\"\(text)\" is no month such as 2026-03"))
      }
      return text
    }
    let (first, last) = (month("from"), month("to"))
    let format = request.queryValue("format") ?? "json"
    if format != "json" && format != "csv" { wrong.append(.init("format", "\"\(format)\" is not json or csv")) }
    let span = (first ?? "0000-01", last ?? "9999-12")
    if wrong.isEmpty, span.0 > span.1 { wrong.append(.init("to", "lies before from")) }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let isAsked = first != nil || last != nil || format == "csv"
    return (isAsked && span.0 <= span.1 ? span.0...span.1 : nil, format == "csv")
  }
}
