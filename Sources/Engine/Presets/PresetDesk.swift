package import Basics
package import Conversion
import Formats
package import Storage

/// The presets of workspaces: a target with options under a name that jobs can give.
package struct PresetDesk: Sendable {
  private static let longestName = 63

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

  /// Adds a preset or changes the one of that name; throws `Refusal.invalidFields` that names everything wrong.
  package func set(
    _ workspace: Int64, name: String, to target: String, options: [String: String], dialectData: String? = nil,
    by actor: Actor? = nil
  ) async throws -> (preset: Preset, isNew: Bool) {
    let catalogue = catalogue.now
    var wrong: [Refusal.Field] = []
    if name.utf8.count > PresetDesk.longestName || !PosixPattern.isMatched("[a-z0-9][a-z0-9._-]*", by: name) {
      let valid = "1 to \(PresetDesk.longestName) of a to z, 0 to 9, dot, dash and underscore, a letter or digit first"
      wrong.append(.init("name", "\"\(name)\" is no name; valid: \(valid)"))
    }
    let format = Format.named(target)
    if format.map({ !catalogue.targets.contains($0) }) ?? true {
      let names = catalogue.targets.map(\.name).joined(separator: ", ")
      wrong.append(.init(.target, "\"\(target)\" cannot be made here; the formats are \(names)"))
    }
    var canonical = "{}"
    do {
      let read = try ConversionOptions(options, among: catalogue.options)
      canonical = read.json.text
      wrong += read.secrets.map { .init(.option($0.name), "is kept by no preset; send it with each job") }
    } catch let failure {
      wrong.append(.init(.option(failure.option), "\(failure.problem); valid: \(failure.validValues)"))
    }
    guard wrong.isEmpty, let format else { throw Refusal.invalidFields.naming(wrong) }
    let preset = Preset(
      name: name, targetFormat: format.name, options: canonical, createdAt: clock.now(),
      dialectData: dialectData)
    let isNew = try await store.write { database in
      try actor?.record("preset.set", name, at: preset.createdAt, in: database)
      return try Presets.set(workspace, preset, in: database)
    }
    return (preset, isNew)
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
