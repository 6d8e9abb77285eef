import Glibc

/// Writes one line for each event: time, level, message and fields, with characters escaped that are not to be seen.
package struct Log: Sendable {
  package enum Level: Int, Comparable, Sendable, CaseIterable {
    case debug, info, notice, warning, error

    /// The level with the name that a line of the log has for it.
    package init?(name: String) {
      guard let level = Level.allCases.first(where: { $0.words.name == name }) else { return nil }
      self = level
    }

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    /// The name in a line and the priority that journald reads from "<N>" (sd-daemon(3)).
    package var words: (name: String, priority: Int) {
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
  /// What is written at all; it can change while the log is used.
  package let threshold: LogThreshold
  let showsPriority: Bool
  let clock: Clock
  package let write: @Sendable ([UInt8]) -> Void

  /// Lines below `least` are dropped; `write` gets whole lines with their newline.
  package init(
    style: Style = .text, least: Level = .info, showsPriority: Bool = false, clock: Clock = .system,
    write: @escaping @Sendable ([UInt8]) -> Void = Log.standardError
  ) {
    self.init(style, LogThreshold(least), showsPriority, clock, write)
  }

  private init(
    _ style: Style, _ threshold: LogThreshold, _ showsPriority: Bool, _ clock: Clock,
    _ write: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.style = style
    self.threshold = threshold
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

  /// A line whose fields are written without a string for each, for what is logged for every request.
  package func info(_ message: String, _ fields: (inout LogLine) -> Void) {
    guard threshold.level <= .info else { return }
    var line = LogLine(self, .info, message)
    fields(&line)
    write(line.finish())
  }

  /// The same log with another place to write to; the two share their threshold.
  package func writing(_ write: @escaping @Sendable ([UInt8]) -> Void) -> Log {
    Log(style, threshold, showsPriority, clock, write)
  }

  private func line(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, String>) {
    guard level >= threshold.level else { return }
    var line = LogLine(self, level, message)
    for (name, value) in fields { line.field(name, value) }
    write(line.finish())
  }

  static func cut(_ value: String) -> String {
    // Counted in bytes: a single character may have any number of marks on it.
    value.utf8.count <= longestValue ? value : String(decoding: value.utf8.prefix(longestValue), as: UTF8.self) + "..."
  }

  /// True when a value needs no quotes.
  static func isPlain(_ value: String) -> Bool {
    let count = value.utf8.count
    return count > 0 && count <= longestValue
      && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
  }

  /// Escapes what could end the value, and what is not to be seen.
  static func escape(_ value: String, to line: inout [UInt8]) {
    if value.utf8.count <= longestValue,
      value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
    {
      line += value.utf8
      return
    }
    for scalar in cut(value).unicodeScalars {
      switch scalar.value {
      case 0x22: line += "\\\"".utf8
      case 0x5C: line += "\\\\".utf8
      case 0x0A: line += "\\n".utf8
      case 0x0D: line += "\\r".utf8
      case _ where HiddenText.isHidden(scalar): line += "\\u{\(String(scalar.value, radix: 16))}".utf8
      default: line += String(scalar).utf8
      }
    }
  }

  /// Writes lines to standard error, if possible in one call, so that those of several threads do not mix.
  @Sendable package static func standardError(_ lines: [UInt8]) {
    lines.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = Glibc.write(2, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return }
        offset += count
      }
    }
  }
}
