package import Basics

/// What is to be done, as it goes from one process to another.
extension Conversion {
  /// Secrets are not in it.
  package var json: JSONValue {
    .object([
      ("from", from.map { .string($0.name) } ?? .null), ("to", .string(to.name)), ("options", options.json),
      ("max_pixels", maxPixels.map { .integer(Int64($0)) } ?? .null),
      ("names", .array(names.map { .string($0) })),
    ])
  }

  /// Nil for what `json` does not make, or for options that are none of the list's.
  package init?(_ document: JSONValue, among list: OptionList) {
    guard let to = document["to"]?.string.flatMap(Format.named),
      let options = document["options"].flatMap({ try? ConversionOptions($0, among: list) }),
      let names = document["names"]?.array?.compactMap(\.string)
    else { return nil }
    let from = document["from"]?.string
    let format = from.flatMap(Format.named)
    // A format that is not known here must not become "any".
    guard (from == nil) == (format == nil) else { return nil }
    self.init(
      from: format, to: to, options: options, maxPixels: document["max_pixels"]?.integer.map(Int.init), names: names)
  }
}
