import Basics

/// Tables and single records on a terminal, or the same as JSON.
enum Printing {
  struct Column {
    let title: String
    let member: String

    init(_ title: String, _ member: String) {
      self.title = title
      self.member = member
    }
  }

  /// Prints an array of objects, one a line, in columns as wide as their widest value.
  static func table(_ rows: JSONValue?, _ columns: [Column], to console: Console) {
    let cells = [columns.map(\.title)] + (rows?.array ?? []).map { row in columns.map { text(row[$0.member]) } }
    let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    for line in cells {
      let padded = zip(line, widths).map { $0.padding(to: $1) }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      console.out(text)
    }
  }

  /// Prints an object's members, one a line; nested ones as JSON.
  static func record(_ object: JSONValue?, to console: Console) {
    let members = (object?.members ?? []).map { (name: HiddenText.escaping($0.name), value: $0.value) }
    let width = members.map(\.name.count).max() ?? 0
    for (name, value) in members { console.out("\(name.padding(to: width))  \(text(value))") }
  }

  /// One line, whatever is in it.
  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: "-"
    case .string(let text): HiddenText.escaping(text)
    case let other?: other.text
    }
  }
}
