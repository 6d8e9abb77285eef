import Basics
import Engine
import HTTP
import Storage

/// The presets of workspaces in the admin API.
struct PresetsNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/presets", .workspaceMember, list),
      AdminRoute(.post, "/presets", .workspaceAdmin, set),
      AdminRoute(.delete, "/presets/{slug}/{name}", .workspaceAdmin, remove),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    guard let slug = request.queryValue("workspace") else {
      throw Refusal.invalidFields.naming([.init("workspace", "is required")])
    }
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustSee(workspace)
    return .document("presets", .array(try parts.presets.all(workspace).map(describe)))
  }

  /// Adds a preset, or changes the one of that name; `steps` stands in place of `to` and `options`.
  @Sendable private func set(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let slug = try fields.requiredText("workspace")
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustManage(workspace)
    let steps = try fields.objects("steps").map { step in
      PresetStep(to: try step.text("to"), options: try step.options("options"))
    }
    let (preset, isNew) = try await parts.presets.set(
      workspace, name: try fields.requiredText("name"),
      steps: steps.isEmpty
        ? [PresetStep(to: try fields.requiredText("to"), options: try fields.options("options"))] : steps,
      by: visitor.actor)
    return .document("preset", describe(preset), status: isNew ? .created : .ok)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let (slug, name) = (request.parameters["slug"] ?? "", request.parameters["name"] ?? "")
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustManage(workspace)
    try await parts.presets.delete(workspace, name: name, by: visitor.actor)
    return .document("removed", .string(name))
  }

  private func describe(_ preset: Preset) -> JSONValue {
    let options = (try? JSONReader.parse(preset.options.utf8)) ?? .object([])
    let words = (options.members ?? []).map { "\($0.name)=\($0.value.string ?? $0.value.text)" }
    return .object([
      ("name", .string(preset.name)), ("to", .string(preset.targetFormat)), ("options", options),
      ("text", .string(preset.chain.map { $0.map(\.text).joined(separator: "; ") } ?? words.joined(separator: " "))),
      ("steps", preset.chain.map { .array($0.map(\.json)) } ?? .null),
      ("created_at", .string("\(preset.createdAt)")),
    ])
  }
}
