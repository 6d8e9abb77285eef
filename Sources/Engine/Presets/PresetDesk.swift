package import Basics
package import Conversion
import Formats
package import Storage

/// The presets of workspaces: a target with options under a name that jobs can give.
package struct PresetDesk: Sendable {
  private static let longestName = 63
  /// Steps of a preset.
  package static let mostSteps = 16

  private let store: Store
  private let catalogue: CatalogueSource
  private let clock: Clock

  package init(store: Store, catalogue: CatalogueSource, clock: Clock) {
    self.store = store
    self.catalogue = catalogue
    self.clock = clock
  }

  package func all(_ workspace: Int64) throws -> [Preset] {
    try store.read { try Presets.all(workspace, in: $0) }
  }

  /// A workspace's preset; throws `Refusal.unknownPreset`.
  package func find(_ workspace: Int64, name: String) throws -> Preset {
    guard let preset = try store.read({ try Presets.find(workspace, name: name, in: $0) }) else {
      throw Refusal.unknownPreset
    }
    return preset
  }

  /// A workspace's preset by its row; throws `Refusal.unknownPreset`.
  package func find(_ workspace: Int64, row: Int64) throws -> Preset {
    guard let preset = try store.read({ try Presets.find(workspace, id: row, in: $0) }) else {
      throw Refusal.unknownPreset
    }
    return preset
  }

  /// Adds a preset or changes the one of that name; throws `Refusal.invalidFields` that names everything wrong.
  package func set(
    _ workspace: Int64, name: String, to target: String, options: [String: String], dialectData: String? = nil,
    by actor: Actor? = nil
  ) async throws -> (preset: Preset, isNew: Bool) {
    try await set(
      workspace, name: name, steps: [PresetStep(to: target, options: options)], dialectData: dialectData, by: actor)
  }

  /// The same with several steps, of which one without a target keeps the format of what comes to it.
  package func set(
    _ workspace: Int64, name: String, steps: [PresetStep], dialectData: String? = nil, by actor: Actor? = nil
  ) async throws -> (preset: Preset, isNew: Bool) {
    var wrong: [Refusal.Field] = []
    if name.utf8.count > PresetDesk.longestName || !PosixPattern.isMatched("[a-z0-9][a-z0-9._-]*", by: name) {
      let valid = "1 to \(PresetDesk.longestName) of a to z, 0 to 9, dot, dash and underscore, a letter or digit first"
      wrong.append(.init("name", "\"\(name)\" is no name; valid: \(valid)"))
    }
    if !(1...PresetDesk.mostSteps).contains(steps.count) {
      wrong.append(.init("steps", "must be 1 to \(PresetDesk.mostSteps)"))
    }
    let checked = check(steps, &wrong)
    guard wrong.isEmpty, let last = checked.last else { throw Refusal.invalidFields.naming(wrong) }
    let isChain = steps.count > 1 || last.target == nil
    let preset = Preset(
      name: name, targetFormat: checked.last { $0.target != nil }?.target ?? Preset.anyTarget, options: last.options,
      createdAt: clock.now(), dialectData: dialectData,
      steps: isChain ? JSONValue.array(steps.map(\.json)).text : nil)
    let isNew = try await store.write { database in
      try actor?.record("preset.set", name, at: preset.createdAt, in: database)
      return try Presets.set(workspace, preset, in: database)
    }
    return (try find(workspace, name: name), isNew)
  }

  /// Each step's format by its own name and its options in canonical JSON; a refused one of several is named by its number.
  private func check(_ steps: [PresetStep], _ wrong: inout [Refusal.Field]) -> [(target: String?, options: String)] {
    let catalogue = catalogue.now
    var before: Format?
    var checked: [(target: String?, options: String)] = []
    for (number, step) in steps.enumerated() {
      let place = steps.count > 1 ? "step \(number + 1): " : ""
      let format = step.target.flatMap(Format.named)
      if step.target != nil, format.map({ !catalogue.targets.contains($0) }) ?? true {
        let names = catalogue.targets.map(\.name).joined(separator: ", ")
        wrong.append(.init(.target, "\(place)\"\(step.target ?? "")\" cannot be made here; the formats are \(names)"))
      } else if let before, let format, !catalogue.formats(from: before).contains(format) {
        wrong.append(.init(.target, "\(place)\(format.name) cannot be made of \(before.name)"))
      }
      before = format ?? before
      do {
        let read = try ConversionOptions(step.options, among: catalogue.options)
        wrong += read.secrets.map { .init(.option($0.name), "\(place)is kept by no preset; send it with each job") }
        checked.append((format?.name, read.json.text))
      } catch let failure {
        wrong.append(
          .init(.option(failure.option), "\(place)\(failure.problem); valid: \(failure.validValues)"))
      }
    }
    return checked
  }

  /// Deletes a preset; throws `Refusal.unknownPreset`.
  package func delete(_ workspace: Int64, name: String, by actor: Actor? = nil) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Presets.delete(workspace, name: name, in: database) else { throw Refusal.unknownPreset }
      try actor?.record("preset.remove", name, at: now, in: database)
    }
  }
}
