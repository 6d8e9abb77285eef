import Basics
import Engine
import HTTP
import Storage

/// Reads what clients send; bodies are JSON whatever their Content-Type says.
struct Api2ConvertRequests: Sendable {
  /// Bytes of a document, files in it included.
  static let largestDocument = 32 << 20

  /// A job as it is asked for; what is nil was not said.
  struct Job: Sendable {
    var process: Bool?
    var conversions: [JSONValue]?
    var inputs: [JSONValue]?
    var failsOnInput: Bool?
    var failsOnConversion: Bool?
    /// An empty text takes the address away.
    var callback: String?
    var notifies: Bool?
    var passwords: [String]?
    var limits: JSONValue?
  }

  /// What a document has that the server says, and a client may send back.
  private static let told = [
    "id", "token", "type", "status", "errors", "warnings", "output", "server", "spent", "created_at", "modified_at",
  ]
  private static let members = [
    "process", "fail_on_input_error", "fail_on_conversion_error", "conversion", "limits", "input", "callback",
    "notify_status", "download_passwords",
  ]

  let parts: DialectParts

  /// The body of a request.
  func document(_ request: Request) async throws -> JSONValue {
    let bytes = try await request.body.collect(atMost: Api2ConvertRequests.largestDocument)
    return try await ClientDocument.value(bytes, on: parts.jobs.blocking)
  }

  /// The same where it has to be an object.
  func object(_ request: Request) async throws -> JSONValue {
    let document = try await document(request)
    guard document.members != nil else { throw Refusal.badJSON }
    return document
  }

  /// One object or several in an array.
  func list(_ request: Request) async throws -> (items: [JSONValue], isArray: Bool) {
    let document = try await document(request)
    guard let items = document.array else { return ([document], false) }
    guard !items.isEmpty else { throw Refusal.badJSON }
    return (items, true)
  }

  func job(_ document: JSONValue) throws -> Job {
    var job = Job()
    var wrong = WrongFields()
    for (name, value) in document.members ?? [] where value != .null {
      func flag() -> Bool? {
        let flag = value.boolean ?? value.string.flatMap { Bool($0) }
        if flag == nil { wrong.append(name, "must be true or false") }
        return flag
      }
      func list() -> [JSONValue] { value.array ?? [value] }
      switch name {
      case "process": job.process = flag()
      case "fail_on_input_error": job.failsOnInput = flag()
      case "fail_on_conversion_error": job.failsOnConversion = flag()
      case "notify_status": job.notifies = flag()
      case "conversion": job.conversions = list()
      case "input": job.inputs = list()
      case "limits":
        if value.members != nil || value == .array([]) {
          job.limits = value.members == nil ? .object([]) : value
        } else {
          wrong.append(name, "must be an object")
        }
      case "callback":
        job.callback = value.string
        if value.string == nil { wrong.append(name, "must be a text") }
        if let url = value.string, !url.isEmpty, let problem = WebhookAddress.problem(of: url) {
          wrong.append(name, problem)
        }
      case "download_passwords":
        job.passwords = list().compactMap(\.string)
        if job.passwords?.count != list().count { wrong.append(name, "must be an array of texts") }
      case _ where Api2ConvertRequests.told.contains(name): break
      default:
        wrong.append(name, "is not known; valid: \(Api2ConvertRequests.members.joined(separator: ", "))")
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return job
  }

  private static let conversionMembers = ["target", "category", "options", "metadata", "output_target"]

  /// A conversion, and its options with those that nobody may see again.
  func conversion(
    _ value: JSONValue, at place: String, takesTargets: Bool = false, _ wrong: inout WrongFields
  ) -> Api2ConvertData.Conversion {
    var conversion = Api2ConvertData.Conversion(number: 0, target: "")
    guard let members = value.members else {
      wrong.append(place, "must be an object with target")
      return conversion
    }
    conversion.target = value["target"]?.string?.lowercased() ?? ""
    if conversion.target.isEmpty { wrong.append("\(place).target", "is required, as a text") }
    conversion.category = value["category"]?.string?.lowercased()
    for (name, value) in members where value != .null && name != "target" && name != "id" {
      switch (name, value) {
      case ("options", .object(let options)): conversion.options = options
      case ("metadata", .object): conversion.metadata = value
      case ("options", .array(let list)), ("metadata", .array(let list)):
        // PHP writes an empty object so.
        if !list.isEmpty { refuse(name, at: place, &wrong) }
      case ("category", .string): break
      case ("output_target", .array(let list)):
        for (number, target) in list.enumerated() {
          let name = "\(place).output_target[\(number)]"
          if let target = Api2ConvertClouds.read(target, type: "type", at: name, isTemplate: true, &wrong) {
            conversion.targets.append(target)
          }
        }
        if !list.isEmpty && !takesTargets { wrong.append("\(place).\(name)", "comes with the job, when it is created") }
      case _ where Api2ConvertRequests.conversionMembers.contains(name): refuse(name, at: place, &wrong)
      default:
        wrong.append(
          "\(place).\(name)", "is not known; valid: \(Api2ConvertRequests.conversionMembers.joined(separator: ", "))")
      }
    }
    if let category = conversion.category, Api2ConvertTargets.operation(conversion) == nil,
      let problem = Api2ConvertCatalogue(parts: parts).problem(category, of: conversion.target)
    {
      wrong.append("\(place).category", problem)
    }
    return conversion
  }

  private func refuse(_ name: String, at place: String, _ wrong: inout WrongFields) {
    wrong.append("\(place).\(name)", name == "output_target" ? "must be an array of places" : "must be an object")
  }

  /// What a job is called for the conversions that it has: its tasks, what is said beside them, and what is kept of them.
  struct Plan: Sendable {
    var tasks: [Submission.Task] = []
    var passwords: [String] = []
    var packsParts = true
    var isStamp = false
    /// True when all tasks are what they will be.
    var isDone = true
  }

  /// `source` is the format of the files as far as it is known, and `more` what inputs ask for.
  static func plan(
    _ conversions: [Api2ConvertData.Conversion], from source: String?, _ more: [String: String] = [:]
  ) throws -> Plan {
    var plan = Plan()
    var wrong = WrongFields()
    for (number, conversion) in conversions.enumerated() {
      let place = "conversion[\(number)]"
      var ignored = WrongFields()
      let reading = Api2ConvertOptions.read(conversion.options, to: conversion.target, at: place, &ignored)
      plan.passwords += reading.downloadPasswords
      if reading.allowsSeveral { plan.packsParts = false }
      if reading.isStamp { plan.isStamp = true }
      var task = Api2ConvertTargets.task(conversion, from: source, at: place, &wrong)
      plan.isDone = plan.isDone && task != nil
      task?.options.merge(more) { own, _ in own }
      // What is not known yet takes any file.
      plan.tasks.append(task ?? Submission.Task(to: "zip"))
    }
    if conversions.isEmpty { plan.tasks = [Submission.Task(to: "zip")] }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return plan
  }

  /// Without what nobody may see again.
  static func shown(_ conversion: Api2ConvertData.Conversion) -> Api2ConvertData.Conversion {
    var shown = conversion
    shown.options.removeAll { Api2ConvertOptions.secrets.contains($0.name) }
    return shown
  }
}
