package import Basics

extension ConversionOption {
  /// The option as lists of formats show it.
  package var json: JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("name", .string(name)), ("type", .string(type)), ("default", standard?.json ?? .null),
      ("values", .string(validValues)),
    ]
    switch kind {
    case .whole(let range):
      members += [
        ("minimum", .integer(Int64(range.lowerBound))), ("maximum", .integer(Int64(range.upperBound))),
      ]
    case .choice(let words), .words(let words): members.append(("choices", .array(words.map { .string($0) })))
    case .decimal(let range):
      members += [("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound))]
    case .flag, .colour, .text, .secret: break
    }
    members.append(("summary", .string(summary)))
    return .object(members)
  }
}
