import Basics
import Engine
import HTTP
import Storage

/// Presets: the house's, with the name, the category and the scope that this API gives them.
struct Api2ConvertPresets: Sendable {
  private static let largest = 64 << 10
  private static let members = ["name", "target", "category", "scope", "options", "id"]
  private static let scopes = ["public", "private"]

  let parts: DialectParts

  var routes: [DialectRoute] {
    // The older PHP SDK asks at the server's root.
    ["/v2/presets", "/presets"].flatMap { path in
      [
        DialectRoute(.get, path, .read, needing: Api2Convert.needs, list),
        DialectRoute(
          .post, path, .submit, needing: Api2Convert.needs, bodyLimit: Int64(Api2ConvertPresets.largest), create),
        DialectRoute(.get, path + "/{id}", .read, needing: Api2Convert.needs, show),
        DialectRoute(
          .patch, path + "/{id}", .submit, needing: Api2Convert.needs, bodyLimit: Int64(Api2ConvertPresets.largest),
          change),
        DialectRoute(.delete, path + "/{id}", .submit, needing: Api2Convert.needs, remove),
      ]
    }
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let presets = try await parts.jobs.blocking.run { [desk = parts.jobs.presets, workspace = holder.workspace.id] in
      try desk.all(workspace)
    }
    let passes = Api2ConvertPresets.filter(request.queryValue("filter") ?? "")
    let shown = presets.map(describe).filter { row in
      passes(row)
        && ["category", "target"].allSatisfy { name in
          guard let wanted = request.queryValue(name), !wanted.isEmpty, wanted != "all" else { return true }
          return row[name]?.string == wanted.lowercased()
        }
    }
    return .api2convert(.ok, .array(shown))
  }

  /// "Comma separated list of phrases to search for in the preset name" ([oas]); a scope alone, or `all`, is that.
  private static func filter(_ text: String) -> (JSONValue) -> Bool {
    let text = text.lowercased()
    if text == "all" { return { _ in true } }
    if scopes.contains(text) { return { $0["scope"]?.string == text } }
    let phrases = text.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
      .filter { !$0.isEmpty }
    return { row in
      let name = row["name"]?.string?.lowercased() ?? ""
      return phrases.isEmpty || phrases.contains { name.contains($0) }
    }
  }

  @Sendable private func show(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    .api2convert(.ok, describe(try find(holder, request)))
  }

  private func find(_ holder: KeyHolder, _ request: Request) throws -> Preset {
    try parts.jobs.presets.find(holder.workspace.id, name: request.parameters["id"] ?? "")
  }

  @Sendable private func create(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let document = try await Api2ConvertRequests(parts: parts).object(request)
    let id = "preset-" + Base32.text(Entropy.system.bytes(10)).lowercased()
    return .api2convert(.created, describe(try await set(id, document, holder)))
  }

  @Sendable private func change(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let preset = try find(holder, request)
    let document = try await Api2ConvertRequests(parts: parts).object(request)
    let before = describe(preset).members ?? []
    let new = document.members ?? []
    let merged = before.filter { old in !new.contains { $0.name == old.name } } + new
    return .api2convert(.ok, describe(try await set(preset.name, .object(merged), holder)))
  }

  private func set(_ id: String, _ document: JSONValue, _ holder: KeyHolder) async throws -> Preset {
    var wrong = WrongFields()
    for (name, _) in document.members ?? [] where !Api2ConvertPresets.members.contains(name) {
      wrong.append(name, "is not known; valid: \(Api2ConvertPresets.members.prefix(5).joined(separator: ", "))")
    }
    let name = document["name"]?.string ?? ""
    if !(1...255).contains(name.utf8.count) { wrong.append("name", "is required, as a text of up to 255 bytes") }
    let scope = document["scope"]?.string ?? "private"
    if !Api2ConvertPresets.scopes.contains(scope) {
      wrong.append("scope", "\"\(scope)\" is not known; valid: public, private")
    }
    var conversion = Api2ConvertData.Conversion(number: 0, target: document["target"]?.string?.lowercased() ?? "")
    if conversion.target.isEmpty { wrong.append("target", "is required, as a text") }
    conversion.category = document["category"]?.string?.lowercased()
    conversion.options = document["options"]?.members ?? []
    if let category = conversion.category, Api2ConvertTargets.operation(conversion) == nil,
      let problem = Api2ConvertCatalogue(parts: parts).problem(category, of: conversion.target)
    {
      wrong.append("category", problem)
    }
    for (name, _) in conversion.options where Api2ConvertOptions.secrets.contains(name) {
      wrong.append("options.\(name)", "is kept by no preset; send it with each job")
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let task = try Api2ConvertRequests.plan([conversion], from: nil).tasks[0]
    let kept = JSONValue.object([
      ("name", .string(name)), ("category", conversion.category.map { .string($0) } ?? .null),
      ("scope", .string(scope)), ("target", .string(conversion.target)), ("options", .object(conversion.options)),
    ])
    return try await parts.jobs.presets.set(
      holder.workspace.id, name: id, to: task.to ?? "", options: task.options, dialectData: kept.text
    ).preset
  }

  @Sendable private func remove(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let preset = try find(holder, request)
    try await parts.jobs.presets.delete(holder.workspace.id, name: preset.name)
    return Response(.noContent)
  }

  /// One that came by another API has its name for an id, and its options as they are there.
  private func describe(_ preset: Preset) -> JSONValue {
    let kept = preset.dialectData.flatMap { try? JSONReader.parse($0.utf8) }
    let target = kept?["target"]?.string ?? preset.targetFormat
    return .object([
      ("id", .string(preset.name)), ("name", .string(kept?["name"]?.string ?? preset.name)),
      ("target", .string(target)), ("category", kept?["category"] ?? .null),
      ("scope", kept?["scope"] ?? .string("private")),
      ("options", kept?["options"] ?? (try? JSONReader.parse(preset.options.utf8)) ?? .object([])),
    ])
  }
}
