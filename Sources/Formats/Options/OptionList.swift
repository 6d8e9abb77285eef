/// Options by their names, as texts are read by.
package struct OptionList: Sendable {
  /// In the order of their names, each once.
  package let all: [ConversionOption]
  private let byName: [String: ConversionOption]

  /// Where two have the same name, the first one is it.
  package init(_ options: [ConversionOption]) {
    byName = options.reduce(into: [:]) { $0[$1.name] = $0[$1.name] ?? $1 }
    all = byName.values.sorted { $0.name < $1.name }
  }

  package func named(_ name: String) -> ConversionOption? { byName[name] }
}
