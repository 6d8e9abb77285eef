package import Basics

/// The value of an option after its check.
package enum OptionValue: Sendable, Hashable {
  case whole(Int)
  case decimal(Double)
  case flag(Bool)
  /// One of the words of a choice.
  case word(String)
  case colour(Colour)
  case secret(SecretText)

  /// As JSON writes it; no list shows a secret.
  package var json: JSONValue {
    switch self {
    case .whole(let number): .integer(Int64(number))
    case .decimal(let number): number == number.rounded() ? .integer(Int64(number)) : .number(number)
    case .flag(let flag): .boolean(flag)
    case .word(let word): .string(word)
    case .colour(let colour): .string(colour.description)
    case .secret: .null
    }
  }

  /// As a form or a command line writes it.
  package var text: String {
    switch self {
    case .whole(let number): String(number)
    case .decimal(let number): number == number.rounded() ? String(Int(number)) : "\(number)"
    case .flag(let flag): String(flag)
    case .word(let word): word
    case .colour(let colour): colour.description
    case .secret(let secret): "\(secret)"
    }
  }

  var secret: SecretText? { if case .secret(let secret) = self { secret } else { nil } }
}
