/// What is wrong with the fields of a request: the first ones by name, the others by their number.
///
/// However many there are, gathering one costs the same and the answer stays short.
package struct WrongFields: Sendable {
  package static let mostNamed = 20
  /// Bytes of a name and of a problem that an answer repeats; of a longer one the beginning and the end stay.
  static let longestName = 100
  static let longestProblem = 1000

  package private(set) var named: [Refusal.Field] = []
  package private(set) var count = 0

  package init() {}

  package init(_ fields: [Refusal.Field]) {
    append(contentsOf: fields)
  }

  package var isEmpty: Bool { count == 0 }
  /// How many are not among `named`.
  package var unnamed: Int { count - named.count }

  /// Adds one; name and problem are worded only when they will be read.
  package mutating func append(_ name: @autoclosure () -> String, _ problem: @autoclosure () -> String) {
    append(.field(name()), problem())
  }

  /// The same with what each dialect calls by its own name.
  package mutating func append(_ subject: @autoclosure () -> Refusal.Subject, _ problem: @autoclosure () -> String) {
    count += 1
    guard named.count < WrongFields.mostNamed else { return }
    named.append(
      Refusal.Field(
        subject().shortened { WrongFields.cut($0, to: WrongFields.longestName) },
        WrongFields.cut(problem(), to: WrongFields.longestProblem)))
  }

  package mutating func append(contentsOf fields: [Refusal.Field]) {
    for field in fields { append(field.subject, field.problem) }
  }

  /// Adds what another refusal names and counts.
  package mutating func append(contentsOf refusal: Refusal) {
    append(contentsOf: refusal.fields)
    count += refusal.unnamed
  }

  /// Adds what others name and count.
  package mutating func append(contentsOf others: WrongFields) {
    append(contentsOf: others.named)
    count += others.unnamed
  }

  /// A text of at most about so many bytes, with "…" in place of its middle.
  private static func cut(_ text: String, to most: Int) -> String {
    guard text.utf8.count > most else { return text }
    func part(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
      var left = most / 2
      return scalars.prefix { scalar in
        left -= UTF8.width(scalar)
        return left >= 0
      }
    }
    let (head, tail) = (part(text.unicodeScalars), part(text.unicodeScalars.reversed()))
    return String(String.UnicodeScalarView(head + ["…"] + tail.reversed()))
  }
}
