/// Reads `KEY=VALUE` lines, the syntax of a systemd EnvironmentFile without continuation lines.
package enum SettingsFile {
  package struct Line: Equatable, Sendable {
    package let number: Int
    package let name: String
    package let value: String
  }

  /// The assignments of a file; blank lines and lines that begin with # or ; are left out.
  ///
  /// Throws `SettingsFailure` with the number of a line that is no assignment.
  package static func parse(_ text: String, path: String) throws(SettingsFailure) -> [Line] {
    var lines: [Line] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = trim(raw)
      guard let first = line.first, first != "#", first != ";" else { continue }
      guard let equals = line.firstIndex(of: "=") else {
        throw SettingsFailure(place: "\(path) line \(index + 1)", problem: "expected NAME=VALUE")
      }
      let name = String(trim(line[..<equals]))
      let value = unquote(trim(line[line.index(after: equals)...]))
      lines.append(Line(number: index + 1, name: name, value: value))
    }
    return lines
  }

  private static func trim(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }

  private static func unquote(_ value: Substring) -> String {
    for quote in ["\"", "'"] where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
      return String(value.dropFirst().dropLast())
    }
    return String(value)
  }
}
