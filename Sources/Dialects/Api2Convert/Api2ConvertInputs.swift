import Basics
import Engine
import HTTP
import Storage

/// Reads descriptors of inputs.
struct Api2ConvertInputs: Sendable {
  /// A file that is to be worked on.
  struct Read: Sendable {
    let source: Submission.Source
    /// What is said of it, to be shown again.
    let said: JSONValue
    /// What it asks of the conversions.
    var options: [String: String] = [:]
    /// What opens it.
    var password: String?
  }

  private static let members = [
    "type", "source", "engine", "options", "filename", "parameters", "credentials", "id", "status", "content_type",
  ]
  /// What a browser is told; the rest of the vendor's options lay out slides.
  private static let pageOptions = [
    "screen_width": "viewport_width", "screen_height": "viewport_height", "device_scale_factor": "device_scale",
  ]
  private static let engines = ["auto", "file", "website", "screenshot", "screenshot_pdf"]
  private static let types = ["remote", "base64", "input_id", "output", "cloud", "upload"]

  let parts: DialectParts

  /// Throws `Refusal.invalidFields` with all that is wrong; `place` is what the client calls it.
  func read(_ value: JSONValue, at place: String, _ holder: KeyHolder) async throws -> Read {
    var wrong = WrongFields()
    guard let members = value.members else {
      throw Refusal.invalidFields.naming([.init(place, "must be an object with type and source")])
    }
    for (name, _) in members where !Api2ConvertInputs.members.contains(name) {
      wrong.append(
        "\(place).\(name)", "is not known; valid: \(Api2ConvertInputs.members.prefix(7).joined(separator: ", "))")
    }
    let type = value["type"]?.string ?? "remote"
    let engine = value["engine"]?.string ?? "auto"
    let isPage = ["website", "screenshot", "screenshot_pdf"].contains(engine)
    if !Api2ConvertInputs.engines.contains(engine) || isPage && type != "remote" {
      wrong.append(
        "\(place).engine", "\"\(engine)\" is not there; valid: \(Api2ConvertInputs.engines.joined(separator: ", "))")
    }
    var options: [String: String] = [:]
    for (name, value) in value["options"]?.members ?? [] where value != .null {
      if let ours = Api2ConvertInputs.pageOptions[name], isPage, let text = Api2ConvertOptions.text(value) {
        options[ours] = text
      } else {
        wrong.append("\(place).options.\(name)", "is not known for this engine")
      }
    }
    let source = value["source"]?.string ?? ""
    if source.isEmpty { wrong.append("\(place).source", "is required, as a text") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let name = value["filename"]?.string
    let said = JSONValue.object([
      ("type", .string(type)), ("source", type == "base64" ? .null : .string(source)), ("engine", .string(engine)),
      ("options", value["options"]?.members.map { .object($0) } ?? .object([])),
      ("parameters", value["parameters"]?.members.map { .object($0) } ?? .object([])),
    ])
    return Read(
      source: try await self.source(type, source, value, isPage, name, place, holder), said: said, options: options,
      password: Api2ConvertInputs.password(value))
  }

  static func password(_ input: JSONValue) -> String? { input["credentials"]?["decrypt_password"]?.string }

  /// What opens the inputs of a job, as a secret of it; `plan` is what is made of them, nil while nothing is.
  ///
  /// Throws `Refusal.invalidFields` for what can be no password, and where nothing that is made takes one.
  func secret(_ password: String, at place: String, for plan: Api2ConvertRequests.Plan?) throws -> JobSecret {
    let field = (place.isEmpty ? "" : place + ".") + "credentials.decrypt_password"
    let formats = parts.jobs.formats
    if let plan, plan.isDone,
      !plan.tasks.contains(where: { formats.options(from: nil, to: $0.to ?? "").contains("password") })
    {
      throw Refusal.invalidFields.naming([.init(field, "is not understood by anything that is to be made")])
    }
    return try parts.jobs.intake.inputPassword(password, from: field)
  }

  private func source(
    _ type: String, _ source: String, _ value: JSONValue, _ isPage: Bool, _ name: String?, _ place: String,
    _ holder: KeyHolder
  ) async throws -> Submission.Source {
    func refuse(_ problem: String, _ member: String = "source") -> Refusal {
      Refusal.invalidFields.naming([.init("\(place).\(member)", problem)])
    }
    switch type {
    case "remote":
      if let problem = isPage ? WebhookAddress.problem(of: source) : KeptPlace.problem(of: source) {
        throw refuse(problem)
      }
      return isPage ? .page(source, name: name) : .address(source, name: name)
    case "base64":
      guard let bytes = Api2ConvertInputs.decode(source), !bytes.isEmpty else {
        throw refuse("must be the file as base64 (RFC 4648 section 4)")
      }
      let file = try SpoolFile.write(bytes, fieldName: "source", fileName: name ?? "file", in: parts.spool)
      return .file(.init(path: file.path, name: file.fileName, size: file.size, contentType: nil, keeper: file))
    case "input_id", "output":
      let kind: PublicIdentifiers.Kind = type == "output" ? .file : .input
      let id = source.split(separator: "/").last.map(String.init) ?? ""
      guard let row = RowUUID.row(kind, id, parts.jobs.store.identifiers) else {
        throw refuse("is no \(type == "output" ? "output" : "input") of this workspace")
      }
      let intake = parts.jobs.intake
      guard let file = try await intake.copy(kind == .file ? .output(row) : .input(row), in: holder.workspace, name)
      else { throw refuse("is no file of this workspace, or is gone") }
      return .file(file)
    case "upload":
      throw refuse("\"upload\" is for files that are sent to /upload-file/JOB as the field file", "type")
    case "cloud":
      var wrong = WrongFields()
      let found = Api2ConvertClouds.read(value, type: "source", at: place, isTemplate: false, &wrong)
      guard let (cloud, credentials) = found else { throw Refusal.invalidFields.naming(wrong) }
      return .cloud(CloudFile(cloud, credentials, name: name))
    case "gdrive_picker": throw refuse("\"\(type)\" is not there: nothing is fetched from Google Drive", "type")
    default:
      throw refuse("\"\(type)\" is not known; valid: \(Api2ConvertInputs.types.joined(separator: ", "))", "type")
    }
  }

  /// What inputs ask of the conversions, by what was said of them; without passwords, which are kept elsewhere.
  static func options(_ said: [(name: String, value: JSONValue)]) -> [String: String] {
    said.reduce(into: [:]) { options, input in
      for (name, value) in input.value["options"]?.members ?? [] {
        if let ours = pageOptions[name] { options[ours] = options[ours] ?? Api2ConvertOptions.text(value) }
      }
    }
  }

  /// Decodes base64; a data: URL is taken for what follows its comma.
  private static func decode(_ text: String) -> [UInt8]? {
    let start = text.hasPrefix("data:") ? text.firstIndex(of: ",").map(text.index(after:)) : nil
    return Base64.decode(String(text[(start ?? text.startIndex)...]))
  }
}

extension Api2ConvertInputs.Read {
  /// The format of the file as far as its name tells.
  var format: String? {
    switch source {
    case .file(let file): Api2ConvertTargets.ending(file.name)
    case .address(let address, let name): Api2ConvertTargets.ending(name ?? FileNames.last(of: address))
    case .page: "url"
    case .cloud(let file): Api2ConvertTargets.ending(file.name ?? file.spot.path)
    case .stored(_, let name): name.flatMap(Api2ConvertTargets.ending)
    }
  }
}
