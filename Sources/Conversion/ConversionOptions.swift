package import Basics

/// What a client can ask for beyond the target format; an option without effect on a target is accepted and ignored.
package struct ConversionOptions: Sendable, Hashable {
  /// What each option is called and may be, for refusals, documentation and the list of formats.
  package static let catalogue: [(name: String, validValues: String, standard: String)] = [
    ("background", "a colour as #rrggbb, #rgb or a CSS name such as white", "#ffffff"),
    ("quality", "a whole number from 1 to 100", "85"),
  ]

  /// How much a JPEG keeps, from 1 to 100; without effect on PNG.
  package var quality = 85
  /// What shows through transparent pixels when the target has no transparency.
  package var background = Colour.white

  package init() {}

  /// Reads options as text, as forms and query strings bring them.
  package init(_ texts: [String: String]) throws(OptionFailure) {
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { try set(name, text) }
  }

  /// Reads a JSON object of texts and whole numbers.
  package init(_ document: JSONValue) throws(OptionFailure) {
    guard let members = document.members else {
      throw OptionFailure(option: "options", problem: "is not an object", validValues: "an object of options")
    }
    for (name, value) in members {
      switch value {
      case .string(let text): try set(name, text)
      case .integer(let number): try set(name, String(number))
      default: throw ConversionOptions.refusal(of: name, "is neither text nor a whole number")
      }
    }
  }

  private mutating func set(_ name: String, _ text: String) throws(OptionFailure) {
    switch name {
    case "background":
      guard let colour = Colour(text) else { throw ConversionOptions.refusal(of: name, "is not a colour") }
      background = colour
    case "quality":
      let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard isPlain, let number = Int(text), (1...100).contains(number) else {
        throw ConversionOptions.refusal(of: name, "is out of range")
      }
      quality = number
    default: throw ConversionOptions.refusal(of: name, "is not known")
    }
  }

  private static func refusal(of name: String, _ problem: String) -> OptionFailure {
    let known = catalogue.first { $0.name == name }?.validValues
    let names = catalogue.map(\.name).joined(separator: ", ")
    return OptionFailure(option: name, problem: problem, validValues: known ?? "one of \(names)")
  }

  /// Every option with its value, in the order of their names: the same text for the same wish.
  package var json: JSONValue {
    .object([("background", .string(background.description)), ("quality", .integer(Int64(quality)))])
  }
}
