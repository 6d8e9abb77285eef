import Basics
import Engine
import HTTP
import Storage

/// A workflow, which is kept as a preset: what a client has said of it, and what its steps are here.
struct ConvertlyWorkflow: Sendable {
  var name: String
  var about: String?
  var isActive = true
  /// The steps as the client has them, to be shown as they came.
  var said: [JSONValue]
  var changedAt: String?

  /// What follows a run of it.
  struct Ending: Sendable {
    /// Where its files are stored; nil when they are not.
    var storing: StoreWish?
    var address: String?
    var secret: String?
  }

  init(name: String, about: String?, said: [JSONValue]) {
    self.name = name
    self.about = about
    self.said = said
  }

  /// Nil for a preset that is no workflow.
  init?(_ preset: Preset) {
    guard let document = preset.dialectData.flatMap({ try? JSONReader.parse($0.utf8) }),
      let name = document["w"]?.string
    else { return nil }
    self.init(name: name, about: document["d"]?.string, said: document["s"]?.array ?? [])
    isActive = document["a"]?.boolean ?? true
    changedAt = document["u"]?.string
  }

  /// What is kept with the preset.
  var text: String {
    JSONValue.object([
      ("w", .string(name)), ("d", about.map(JSONValue.string) ?? .null), ("a", .boolean(isActive)),
      ("s", .array(said)), ("u", changedAt.map(JSONValue.string) ?? .null),
    ]).text
  }

  /// "Convert, compress, resize, audio, storage, and webhook steps" (the vendor's page on workflows), and the media tools by
  /// their names; those that convert nothing say what follows.
  ///
  /// Throws `Refusal.invalidFields`, which names the steps by their numbers.
  func steps(_ identifiers: PublicIdentifiers) throws -> (steps: [PresetStep], ending: Ending) {
    var steps: [PresetStep] = []
    var ending = Ending()
    var wrong = WrongFields()
    for (number, step) in said.enumerated() {
      var fields = ConvertlyFields(ConvertlyWorkflow.fields(of: step))
      let type = fields.text("type")?.lowercased() ?? ""
      switch type {
      case "storage", "store", "save":
        let folder = fields.text("folderId")
        let row = ConvertlyNames.row(.folder, folder, identifiers)
        if folder != nil && row == nil { fields.wrong.append("folderId", "is no folder") }
        ending.storing = StoreWish(folderID: row)
      case "webhook":
        ending.address = fields.text("url")
        ending.secret = fields.text("secret")
        let problem = ending.address.map { WebhookAddress.problem(of: $0) } ?? "is required"
        if let problem { fields.wrong.append("url", problem) }
      default:
        if let made = try ConvertlyWorkflow.conversion(type, &fields) { steps.append(made) }
      }
      for field in fields.wrong.named {
        wrong.append("steps[\(number)].\(ConvertlyRefusals.name(of: field.subject, for: nil))", field.problem)
      }
    }
    if steps.isEmpty && wrong.isEmpty { wrong.append("steps", "must have one that makes something of the files") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return (steps, ending)
  }

  private static let types = ["convert", "compress", "resize", "audio", "storage", "webhook"]

  private static func conversion(_ type: String, _ fields: inout ConvertlyFields) throws -> PresetStep? {
    func target(_ usual: String? = nil) throws -> ConvertlyTarget? {
      try (fields.text("format") ?? fields.text("to") ?? usual).map { try ConvertlyTarget.named($0.lowercased()) }
    }
    switch type {
    case "convert", "compress", "resize":
      let to = try target()
      if type == "convert" && to == nil { fields.wrong.append("format", "is required") }
      let quality =
        fields.whole("compression", ConvertlyRequests.percents)
        ?? fields.whole("quality", ConvertlyRequests.percents)
      var options = to?.options(quality) ?? quality.map { ["quality": "\($0)"] } ?? [:]
      let name = fields.text("resize") ?? fields.text("preset")
      let width = fields.whole(fields.text("resizeWidth") ?? fields.text("width"), "width", ConvertlyRequests.sides)
      let height = fields.whole(fields.text("resizeHeight") ?? fields.text("height"), "height", ConvertlyRequests.sides)
      if let size = ConvertlySize.resize(fields.word(name, "resize", of: ConvertlySize.resizeNames), width, height) {
        options.merge(size) { $1 }
      } else {
        fields.wrong.append("width", "or height is required with resize=\(name ?? "")")
      }
      if let fit = fields.text("fit") { options["fit"] = fit }
      return PresetStep(to: to?.name, options: options)
    case "audio", "extract-audio":
      let bitrate = fields.whole("bitrateKbps", 32...320) ?? 192
      return PresetStep(to: try target("mp3")?.name, options: ["audio_bitrate": "\(bitrate)"])
    default:
      guard let tool = ConvertlyTool.all.first(where: { $0.name == type && !$0.takesOverlay }) else {
        let names = types + ConvertlyTool.all.filter { !$0.takesOverlay }.map(\.name)
        fields.wrong.append("type", "\"\(type)\" is no step; valid: \(names.joined(separator: ", "))")
        return nil
      }
      let isOwn = tool.formats.isEmpty || tool.staysWhatItIs
      let to = try target(isOwn ? nil : tool.formats.first)
      let nothing = ConvertlyInput(source: .stored(0, name: nil), format: nil, kind: nil)
      return PresetStep(to: to?.name, options: try tool.options(&fields, nothing))
    }
  }

  /// The members of a step and of what it has beside its type, as a form would have them.
  private static func fields(of step: JSONValue) -> [(name: String, value: String)] {
    let inner = ["config", "options", "settings", "params"].flatMap { step[$0]?.members ?? [] }
    let all = (step.members ?? []) + inner
    return all.compactMap { name, value -> (name: String, value: String)? in
      switch value {
      case .string(let text): (name, text)
      case .integer, .number, .boolean: (name, value.text)
      default: nil
      }
    }
  }
}
