/// Characters that are not to be seen themselves: what drives a terminal, begins a line, hides text or turns it around.
package enum HiddenText {
  /// True for controls (C0, DEL, C1), the separators of lines and paragraphs, and characters of format, which are the marks
  /// of direction, what has no width, and the byte order mark.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// True for controls and the separators of lines and paragraphs, which the name of no file may have.
  package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || [0x2028, 0x2029].contains(scalar.value)
  }

  /// The text with each hidden character as `\uXXXX`, which means the same character inside a string of JSON.
  package static func escaping(_ text: String, keepingLines: Bool = false) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || keepingLines && ($0 == 0x0A || $0 == 0x09) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if !isHidden(scalar) || keepingLines && (scalar == "\n" || scalar == "\t") {
        result.unicodeScalars.append(scalar)
      } else {
        for unit in scalar.utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      }
    }
    return result
  }
}
