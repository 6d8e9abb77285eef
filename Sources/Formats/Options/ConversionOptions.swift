package import Basics

/// What a client can ask for beyond the target format; the offers of makers say who understands what.
package struct ConversionOptions: Sendable, Hashable {
  /// Only what differs from the standard, so that two spellings of one wish are equal.
  private var values: [String: OptionValue] = [:]

  package init() {}

  /// Reads options as text, as forms and query strings bring them.
  package init(_ texts: [String: String], among list: OptionList) throws(OptionFailure) {
    // One that is unknown is found without sorting them all; of the known ones there are few.
    if let unknown = texts.keys.filter({ list.named($0) == nil }).min() {
      _ = try ConversionOptions.find(unknown, list)
    }
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { try set(name, text, list) }
  }

  /// Reads a JSON object of texts, whole numbers and flags.
  package init(_ document: JSONValue, among list: OptionList) throws(OptionFailure) {
    guard let members = document.members else {
      throw OptionFailure(option: "options", problem: "is not an object", validValues: "an object of options")
    }
    for (name, value) in members {
      switch value {
      case .string(let text): try set(name, text, list)
      case .integer(let number): try set(name, String(number), list)
      case .number(let number) where abs(number) < 1e15: try set(name, OptionValue.decimal(number).text, list)
      case .boolean(let flag): try set(name, String(flag), list)
      // What is several things in one, such as cookies, is kept as its text.
      case .array, .object:
        guard let option = list.named(name), option.isSecret else { fallthrough }
        try set(name, value.text, list)
      default: throw try ConversionOptions.find(name, list).failure("is neither text, a whole number nor a flag")
      }
    }
  }

  /// The value of an option, its standard when nobody has asked for another.
  package subscript(option: ConversionOption) -> OptionValue? { values[option.name] ?? option.standard }

  private mutating func set(_ name: String, _ text: String, _ list: OptionList) throws(OptionFailure) {
    let option = try ConversionOptions.find(name, list)
    let value = try option.value(of: text)
    values[name] = value == option.standard ? nil : value
  }

  private static func find(_ name: String, _ list: OptionList) throws(OptionFailure) -> ConversionOption {
    if let option = list.named(name) { return option }
    let names = list.all.map(\.name)
    throw OptionFailure(
      option: name, problem: "is not known" + Spelling.hint(name, among: names),
      validValues: "one of \(names.joined(separator: ", "))")
  }

  /// The names of what differs from the standard.
  package var asked: Dictionary<String, OptionValue>.Keys { values.keys }

  /// Those of them that pass.
  func filter(_ passes: (String) -> Bool) -> ConversionOptions {
    var some = self
    some.values = values.filter { passes($0.key) }
    return some
  }

  /// What differs from the standard, in the order of the names: the same text for the same wish.
  ///
  /// Secrets are not in it.
  package var json: JSONValue {
    .object(
      values.sorted { $0.key < $1.key }.filter { $0.value.secret == nil }.map { (name: $0.key, value: $0.value.json) })
  }

  /// What `json` leaves out, in the order of the names.
  package var secrets: [(name: String, text: String)] {
    values.sorted { $0.key < $1.key }.compactMap { name, value in value.secret.map { (name, $0.text) } }
  }

  /// With these secrets as well; a name that is none of the list's is passed by.
  package func adding(
    secrets: [(name: String, text: String)], among list: OptionList
  ) throws(OptionFailure) -> ConversionOptions {
    var all = self
    for (name, text) in secrets where list.named(name)?.isSecret ?? false { try all.set(name, text, list) }
    return all
  }
}

extension ConversionOptions {
  package func flag(_ option: ConversionOption) -> Bool { self[option] == .flag(true) }

  package func whole(_ option: ConversionOption) -> Int? {
    if case .whole(let number) = self[option] { number } else { nil }
  }

  package func decimal(_ option: ConversionOption) -> Double? {
    if case .decimal(let number) = self[option] { number } else { nil }
  }

  package func word(_ option: ConversionOption) -> String? {
    if case .word(let word) = self[option] { word } else { nil }
  }

  package func secret(_ option: ConversionOption) -> String? { self[option]?.secret?.text }

  package func colour(_ option: ConversionOption) -> Colour? {
    if case .colour(let colour) = self[option] { colour } else { nil }
  }
}
