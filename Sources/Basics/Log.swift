import Glibc

/// Writes one line for each event: time, level, message and fields, with control characters escaped.
package struct Log: Sendable {
  package enum Level: Int, Comparable, Sendable {
    case debug, info, notice, warning, error

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    /// The name in a line and the priority that journald reads from "<N>" (sd-daemon(3)).
    var words: (name: String, priority: Int) {
      switch self {
      case .debug: ("debug", 7)
      case .info: ("info", 6)
      case .notice: ("notice", 5)
      case .warning: ("warning", 4)
      case .error: ("error", 3)
      }
    }
  }

  package enum Style: String, Sendable, CaseIterable {
    case text, json
  }

  /// A longer value is cut; a line stays readable whatever a client sends.
  static let longestValue = 2048

  let style: Style
  let least: Level
  let showsPriority: Bool
  let clock: Clock
  let write: @Sendable ([UInt8]) -> Void

  /// Lines below `least` are dropped; `write` gets whole lines with their newline.
  package init(
    style: Style = .text, least: Level = .info, showsPriority: Bool = false, clock: Clock = .system,
    write: @escaping @Sendable ([UInt8]) -> Void = Log.standardError
  ) {
    self.style = style
    self.least = least
    self.showsPriority = showsPriority
    self.clock = clock
    self.write = write
  }

  /// A log that keeps nothing.
  package static let silent = Log(least: .error, write: { _ in })

  package func debug(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    line(.debug, message, fields)
  }

  package func info(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    line(.info, message, fields)
  }

  package func notice(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    line(.notice, message, fields)
  }

  package func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    line(.warning, message, fields)
  }

  package func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    line(.error, message, fields)
  }

  private func line(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, String>) {
    guard level >= least else { return }
    var text = showsPriority ? "<\(level.words.priority)>" : ""
    switch style {
    case .text:
      text += "\(clock.now()) \(level.words.name) \(Log.escaped(message))"
      for (name, value) in fields {
        text += " \(name)=\(Log.quoted(value))"
      }
    case .json:
      var writer = JSONWriter()
      writer.object { object in
        object.member("time", "\(clock.now())")
        object.member("level", level.words.name)
        object.member("message", Log.cut(message))
        for (name, value) in fields { object.member(name, Log.cut(value)) }
      }
      text += String(decoding: writer.bytes, as: UTF8.self)
    }
    write(Array(text.utf8) + [0x0A])
  }

  private static func cut(_ value: String) -> String {
    value.utf8.count <= longestValue ? value : String(value.prefix(longestValue)) + "..."
  }

  private static func quoted(_ value: String) -> String {
    let plain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    return plain ? cut(value) : "\"\(escaped(value))\""
  }

  /// Escapes what could start a new line or drive a terminal; U+2028, U+2029 and C1 controls count too.
  private static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in cut(value).unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Writes a line to standard error in one call, so that lines of several threads do not mix.
  @Sendable package static func standardError(_ line: [UInt8]) {
    _ = line.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
