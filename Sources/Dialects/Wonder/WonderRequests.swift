import Basics
import Engine
import HTTP
import Storage

/// Reads the fields of a submission; after this no word of the dialect is left.
enum WonderRequests {
  /// The names under which clients send their files; the seed page writes `files[]`.
  private static let fileFields: Set<String> = ["files[]", "files", "file", "inputs"]
  private static let required = ["conversion_type", "from", "to"]
  private static let longestSecret = 255

  /// Throws `Refusal.invalidFields` that names everything missing or wrong in the form itself.
  static func submission(_ form: WonderForm, idempotencyKey: String?) throws -> Submission {
    let files = form.files.filter { fileFields.contains(plainName($0.fieldName)) }
    var wrong = required.filter { form.text($0) == nil }.map { Refusal.Field($0, "is required") }
    wrong += problems(of: files, form.fileField)
    for file in form.files where !fileFields.contains(plainName(file.fieldName)) {
      wrong.append(.init(file.fieldName, "is not a field for a file; files go into files[]"))
    }
    if let total = form.text("total_files"), Int(total) != files.count {
      wrong.append(.init("total_files", "\"\(total)\" was announced, and \(files.count) files were sent"))
    }
    let webhook = form.text("webhook_url")
    if let webhook, let problem = WebhookAddress.problem(of: webhook) { wrong.append(.init("webhook_url", problem)) }
    let secret = webhook == nil ? nil : form.text("webhook_secret")
    if let secret, secret.utf8.count > longestSecret || secret.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      wrong.append(.init("webhook_secret", "must be 1 to \(longestSecret) characters without control characters"))
    }
    let mail = form.text("notification_email")
    if let mail, let problem = MailAddress.problem(of: mail) { wrong.append(.init("notification_email", problem)) }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    var submission = Submission(
      dialect: Wonder.name, fields: form.fields, route: "POST /api/v1/jobs",
      conversionType: form.text("conversion_type")?.lowercased() ?? "", from: form.text("from")?.lowercased() ?? "",
      to: form.text("to")?.lowercased() ?? "", options: options(form),
      files: files.map {
        Submission.File(path: $0.path, name: $0.fileName, size: $0.size, contentType: $0.contentType, keeper: $0)
      },
      fileField: form.fileField, idempotencyKey: idempotencyKey, webhookURL: webhook, webhookSecret: secret)
    submission.notificationEmail = mail
    return submission
  }

  /// True when `sync` asks for the result in the answer.
  static func wantsResult(_ form: WonderForm) throws -> Bool {
    switch form.text("sync")?.lowercased() {
    case nil, "false", "0": return false
    case "true", "1": return true
    default: throw Refusal.invalidFields.naming([.init("sync", "must be true or false")])
    }
  }

  /// Reads `status`, `limit` (1 to 100, 50) and `cursor` of a list.
  static func listing(_ request: Request, _ identifiers: PublicIdentifiers) throws -> Reports.Query {
    var wrong: [Refusal.Field] = []
    var query = Reports.Query()
    if let text = request.queryValue("status") {
      query.status = JobStatus(rawValue: text)
      if query.status == nil {
        let names = JobStatus.allCases.map(\.rawValue).joined(separator: ", ")
        wrong.append(.init("status", "\"\(text)\" is no status; valid: \(names)"))
      }
    }
    if let text = request.queryValue("limit") {
      query.limit = Int(text) ?? 0
      if !(1...100).contains(query.limit) { wrong.append(.init("limit", "\"\(text)\" is not from 1 to 100")) }
    }
    if let text = request.queryValue("cursor") {
      query.before = identifiers.row(.request, text) ?? 0
      if query.before == 0 { wrong.append(.init("cursor", "is not a next_cursor of an earlier answer")) }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return query
  }

  /// Reads `from`, `to` (months such as 2026-03) and `format` (json, csv) of a question about usage.
  static func usage(_ request: Request) throws -> (months: ClosedRange<String>?, isTable: Bool) {
    var wrong: [Refusal.Field] = []
    func month(_ name: String) -> String? {
      guard let text = request.queryValue(name) else { return nil }
      if text.wholeMatch(of: /[0-9]{4}-(0[1-9]|1[0-2])/) == nil {
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

  private static func problems(of files: [SpoolFile], _ field: String) -> [Refusal.Field] {
    if files.isEmpty { return [.init(field, "at least one file is required")] }
    return files.filter { $0.size == 0 }.map { file in
      .init(field, "\(FileNames.clean(file.fileName)) is empty")
    }
  }

  /// `options[quality]=80` is the option quality with the value 80.
  private static func options(_ form: WonderForm) -> [String: String] {
    var options: [String: String] = [:]
    for (name, value) in form.fields where name.hasPrefix("options[") && name.hasSuffix("]") && !value.isEmpty {
      options[String(name.dropFirst("options[".count).dropLast())] = value
    }
    return options
  }

  /// `files[3]` is `files[]` with a number.
  private static func plainName(_ field: String) -> String {
    field.contains("[") ? field.filter { !$0.isNumber } : field
  }
}
