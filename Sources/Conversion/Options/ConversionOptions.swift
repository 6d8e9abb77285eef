package import Basics

/// What a client can ask for beyond the target format; an option without effect on a target is accepted and ignored.
package struct ConversionOptions: Sendable, Hashable {
  /// Only what differs from the standard, so that two spellings of one wish are equal.
  private var values: [String: OptionValue] = [:]

  package init() {}

  /// Reads options as text, as forms and query strings bring them.
  package init(_ texts: [String: String]) throws(OptionFailure) {
    // One that is unknown is found without sorting them all; of the known ones there are few.
    if let unknown = texts.keys.filter({ ConversionOption.named($0) == nil }).min() {
      _ = try ConversionOptions.find(unknown)
    }
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { try set(name, text) }
  }

  /// Reads a JSON object of texts, whole numbers and flags.
  package init(_ document: JSONValue) throws(OptionFailure) {
    guard let members = document.members else {
      throw OptionFailure(option: "options", problem: "is not an object", validValues: "an object of options")
    }
    for (name, value) in members {
      switch value {
      case .string(let text): try set(name, text)
      case .integer(let number): try set(name, String(number))
      case .boolean(let flag): try set(name, String(flag))
      default: throw try ConversionOptions.find(name).failure("is neither text, a whole number nor a flag")
      }
    }
  }

  /// The value of an option, its standard when nobody has asked for another.
  subscript(option: ConversionOption) -> OptionValue? { values[option.name] ?? option.standard }

  private mutating func set(_ name: String, _ text: String) throws(OptionFailure) {
    let option = try ConversionOptions.find(name)
    let value = try option.value(of: text)
    values[name] = value == option.standard ? nil : value
  }

  private static func find(_ name: String) throws(OptionFailure) -> ConversionOption {
    if let option = ConversionOption.named(name) { return option }
    let names = ConversionOption.all.map(\.name).joined(separator: ", ")
    throw OptionFailure(option: name, problem: "is not known", validValues: "one of \(names)")
  }

  /// What differs from the standard, in the order of the names: the same text for the same wish.
  package var json: JSONValue {
    .object(values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.json) })
  }
}

extension ConversionOptions {
  func flag(_ option: ConversionOption) -> Bool { self[option] == .flag(true) }

  func whole(_ option: ConversionOption) -> Int? {
    if case .whole(let number) = self[option] { number } else { nil }
  }

  func word(_ option: ConversionOption) -> String? {
    if case .word(let word) = self[option] { word } else { nil }
  }

  func colour(_ option: ConversionOption) -> Colour? {
    if case .colour(let colour) = self[option] { colour } else { nil }
  }
}
