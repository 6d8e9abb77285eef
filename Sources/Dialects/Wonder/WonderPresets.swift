import Basics
import Engine
import HTTP
import Storage

/// Named targets with their options, kept in the workspace and usable by name in a job.
struct WonderPresets: Sendable {
  private static let largest = 64 << 10
  private static let members = ["name", "to", "options", "steps"]

  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(.get, "/api/v1/presets", .read, needing: Wonder.needs, list),
      DialectRoute(
        .post, "/api/v1/presets", .submit, needing: Wonder.needs, bodyLimit: Int64(WonderPresets.largest), set),
      DialectRoute(.get, "/api/v1/presets/{name}", .read, needing: Wonder.needs, show),
      DialectRoute(.delete, "/api/v1/presets/{name}", .submit, needing: Wonder.needs, remove),
    ]
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let presets = try await parts.jobs.blocking.run { [desk = parts.jobs.presets, workspace = holder.workspace.id] in
      try desk.all(workspace)
    }
    return .json(.ok, WonderPresets.document("presets", .array(presets.map(WonderPresets.describe))))
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let preset = try parts.jobs.presets.find(holder.workspace.id, name: request.parameters["name"] ?? "")
    return .json(.ok, WonderPresets.document("preset", WonderPresets.describe(preset)))
  }

  /// Adds a preset with 201, or changes the one of that name with 200.
  @Sendable private func set(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(atMost: WonderPresets.largest)
    let wish = try await ClientDocument.read(bytes, on: parts.jobs.blocking, WonderPresets.read)
    let (preset, isNew) = try await parts.jobs.presets.set(
      holder.workspace.id, name: wish.name, steps: wish.steps)
    let status: Status = isNew ? .created : .ok
    return .json(status, WonderPresets.document("preset", WonderPresets.describe(preset), status))
  }

  private struct Wish {
    var name = ""
    var steps: [PresetStep] = []
  }

  @Sendable private static func read(_ members: ClientDocument.Members) throws -> Wish {
    var wrong = WrongFields()
    for (name, _) in members where !WonderPresets.members.contains(name) {
      wrong.append(name, "is not known; valid: \(WonderPresets.members.joined(separator: ", "))")
    }
    let document = JSONValue.object(members)
    if document["name"]?.string == nil { wrong.append("name", "is required, as a text") }
    var wish = Wish(name: document["name"]?.string ?? "")
    if let steps = document["steps"], steps != .null {
      for name in ["to", "options"] where document[name] != nil { wrong.append(name, "is said by each of the steps") }
      if steps.array == nil { wrong.append("steps", "must be an array of steps, each with `to` and `options`") }
      wish.steps = (steps.array ?? []).map { step($0, "steps", &wrong) }
    } else {
      if document["to"]?.string == nil { wrong.append("to", "is required, as a text") }
      wish.steps = [step(document, "options", &wrong)]
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return wish
  }

  private static func step(_ document: JSONValue, _ name: String, _ wrong: inout WrongFields) -> PresetStep {
    var step = PresetStep(to: document["to"]?.string)
    if let given = document["options"], given != .null {
      for (name, value) in given.members ?? [] { step.options[name] = value.string ?? value.text }
      if given.members == nil { wrong.append(name, "must have an object of options") }
    }
    return step
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let name = request.parameters["name"] ?? ""
    try await parts.jobs.presets.delete(holder.workspace.id, name: name)
    return .json(.ok, WonderPresets.document("message", .string("The preset was deleted.")))
  }

  private static func document(_ name: String, _ value: JSONValue, _ status: Status = .ok) -> [UInt8] {
    Array(JSONValue.object([("status", .integer(Int64(status.code))), (name, value)]).text.utf8)
  }

  private static func describe(_ preset: Preset) -> JSONValue {
    let members: [(name: String, value: JSONValue)] = [
      ("name", .string(preset.name)), ("to", .string(preset.targetFormat)),
      ("options", (try? JSONReader.parse(preset.options.utf8)) ?? .object([])),
      ("created_at", .string("\(preset.createdAt)")),
    ]
    return .object(members + (preset.chain.map { [("steps", .array($0.map(\.json)))] } ?? []))
  }
}
