import Markup

/// What links within a document call its headings: their words in small letters with hyphens between, as GitHub has it.
struct MarkdownAnchors {
  private var numbers: [String: Int] = [:]

  init(_ document: MarkdownDocument) {
    var counts: [String: Int] = [:]
    var number = 0
    for block in document.blocks where block.kind == .heading {
      let name = MarkdownAnchors.name(MarkdownInline.plainText(document.inlines(of: block)))
      let count = counts[name, default: 0]
      counts[name] = count + 1
      let own = count == 0 ? name : "\(name)-\(count)"
      numbers[own] = numbers[own] ?? number
      number += 1
    }
  }

  /// The heading that `#name` leads to.
  subscript(address: String) -> Int? {
    guard address.hasPrefix("#") else { return nil }
    return numbers[String(address.dropFirst())] ?? numbers[address.dropFirst().lowercased()]
  }

  private static func name(_ title: String) -> String {
    var name = ""
    for character in title.lowercased() {
      if character.isLetter || character.isNumber || character == "-" || character == "_" {
        name.append(character)
      } else if character == " " {
        name.append("-")
      }
    }
    return name
  }
}
