package import Basics
package import Storage

/// One of several things that are done with the files of a preset, each with what the one before has made.
package struct PresetStep: Sendable, Equatable {
  /// Nil for whatever comes to it.
  package var target: String?
  package var options: [String: String]

  package init(to target: String?, options: [String: String] = [:]) {
    self.target = target
    self.options = options
  }

  /// "jpg width=800".
  package var text: String {
    ([target ?? "as it is"] + options.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }).joined(separator: " ")
  }

  package var json: JSONValue {
    .object([
      ("to", target.map(JSONValue.string) ?? .null),
      ("options", .object(options.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
    ])
  }

  init(_ document: JSONValue) {
    target = document["to"]?.string
    options = Dictionary(
      (document["options"]?.members ?? []).map { ($0.name, $0.value.string ?? $0.value.text) }, uniquingKeysWith: { $1 }
    )
  }
}

extension Preset {
  /// The target of one that keeps the format of its files.
  static let anyTarget = "auto"

  /// Its steps, where there is more to say than a target and its options.
  package var chain: [PresetStep]? {
    guard let steps, let document = try? JSONReader.parse(steps.utf8) else { return nil }
    return document.array?.map(PresetStep.init)
  }
}
