/// Reads the value of a cell of an OpenDocument spreadsheet (OpenDocument 1.3, part 3, 19.385).
enum ODSCell {
  static func read(_ cell: PartElement, _ reader: PartReader) throws -> SheetValue {
    let text = try shown(reader)
    if cell["calcext:value-type"] == "error" { return .error(text) }
    switch cell["office:value-type"] {
    case "float", "percentage", "currency":
      return cell["office:value"].flatMap(NumberText.exact).map { .number($0) } ?? .text(text)
    case "date": return cell["office:date-value"].map { .moment(moment($0)) } ?? .text(text)
    case "time": return cell["office:time-value"].map { .moment(time($0)) } ?? .text(text)
    case "boolean": return .bool(cell["office:boolean-value"] == "true")
    case "string": return .text(cell["office:string-value"] ?? text)
    default: return text.isEmpty ? .empty : .text(text)
    }
  }

  /// The paragraphs of a cell, each a line.
  private static func shown(_ reader: PartReader) throws -> String {
    var lines: [String] = []
    try reader.children { element in
      guard element.fullName == "text:p" || element.fullName == "text:h" else { return }
      var line = ""
      try add(reader, to: &line)
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  private static func add(_ reader: PartReader, to line: inout String) throws {
    try reader.children(text: { line += $0 }) { element in
      switch element.fullName {
      case "text:s": line += String(repeating: " ", count: element.count("text:c", atMost: 200))
      case "text:tab": line += "\t"
      case "text:line-break": line += "\n"
      case "office:annotation", "text:ruby-text": return
      default: try add(reader, to: &line)
      }
    }
  }

  /// Without fractions of a second that say nothing.
  private static func moment(_ text: String) -> String {
    guard let dot = text.lastIndex(of: "."), text[dot...].dropFirst().allSatisfy({ $0 == "0" }) else { return text }
    return String(text[..<dot])
  }

  /// "PT13H05M00S" as 13:05:00.
  private static func time(_ text: String) -> String {
    guard text.hasPrefix("PT") else { return text }
    var parts: [Character: String] = [:]
    var digits = ""
    for character in text.dropFirst(2) {
      if character.isLetter {
        parts[character] = digits
        digits = ""
      } else {
        digits.append(character == "," ? "." : character)
      }
    }
    func two(_ text: String?) -> String {
      let text = text.map(moment) ?? "00"
      return text.utf8.count < 2 ? "0" + text : text
    }
    return "\(two(parts["H"])):\(two(parts["M"])):\(two(parts["S"]))"
  }
}
