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
  ///
  /// On a terminal that is too narrow columns without any value are left out, and where that is not enough each object is
  /// a record of its own.
  static func table(_ rows: JSONValue?, _ columns: [Column], to console: Console) {
    let rows = rows?.array ?? []
    var table = lines(rows, columns)
    func fits() -> Bool { rows.isEmpty || table.allSatisfy { $0.columns <= console.width ?? .max } }
    if !fits() {
      let told = columns.filter { column in rows.contains { text($0[column.member]) != "-" } }
      table = lines(rows, told)
      if !fits() { table = Array(rows.map { record($0, told) }.joined(separator: [""])) }
    }
    for line in table { console.out(line) }
  }

  private static func record(_ row: JSONValue, _ columns: [Column]) -> [String] {
    let width = columns.map(\.title.count).max() ?? 0
    return columns.map { "\($0.title.padding(to: width))  \(text(row[$0.member]))" }
  }

  /// Prints an object's members, one a line; what is in them stands below, lists of objects as tables.
  static func record(_ object: JSONValue?, to console: Console) {
    for line in lines(object) { console.out(line) }
  }

  private static func lines(_ object: JSONValue?) -> [String] {
    let members = (object?.members ?? []).map { (name: HiddenText.escaping($0.name), value: $0.value) }
    let width = members.filter { below($0.value).isEmpty }.map(\.name.count).max() ?? 0
    return members.flatMap { name, value in
      let below = below(value)
      return below.isEmpty ? ["\(name.padding(to: width))  \(text(value))"] : [name] + below.map { "  \($0)" }
    }
  }

  /// What needs lines of its own.
  private static func below(_ value: JSONValue) -> [String] {
    switch value {
    case .object(let members) where !members.isEmpty: return lines(value)
    case .array(let values) where values.contains { $0.members != nil }:
      var columns: [Column] = []
      for (name, value) in values.flatMap({ $0.members ?? [] })
      where value != .null && !columns.contains(where: { $0.member == name }) {
        columns.append(Column(title(name), name))
      }
      return lines(values, columns)
    default: return []
    }
  }

  private static func title(_ name: String) -> String {
    HiddenText.escaping(String(name.map { $0 == "_" ? " " : $0 })).uppercased()
  }

  private static func lines(_ rows: [JSONValue], _ columns: [Column]) -> [String] {
    let cells = [columns.map(\.title)] + rows.map { row in columns.map { text(row[$0.member]) } }
    let widths = columns.indices.map { column in cells.map { $0[column].columns }.max() ?? 0 }
    return cells.map { line in
      var text = zip(line, widths).map { $0.padding(to: $1) }.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  /// One line, whatever is in it.
  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: "-"
    case .string(let text): HiddenText.escaping(text)
    case .array(let values): values.isEmpty ? "-" : values.map(text).joined(separator: ", ")
    case .object(let members):
      members.isEmpty
        ? "-" : members.map { "\(HiddenText.escaping($0.name)) \(text($0.value))" }.joined(separator: ", ")
    case let other?: other.text
    }
  }
}
