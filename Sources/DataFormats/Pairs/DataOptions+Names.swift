extension DataOptions {
  private typealias Setting = (name: String, expected: String, set: @Sendable (inout DataOptions, String) -> Void?)

  /// The options by their names, with what sets each; nil from that where the value will not do.
  private static let settings: [Setting] = [
    ("typed", "yes or no", { options, text in bool(text).map { options.typed = $0 } }),
    ("header", "yes or no", { options, text in bool(text).map { options.header = $0 } }),
    (
      "delimiter", "one character of ASCII, or comma, semicolon, tab, pipe",
      { options, text in character(text).map { options.delimiter = $0 } }
    ),
    (
      "quote", "one character of ASCII, or none",
      { options, text in text == "none" ? (options.quote = nil) : character(text).map { options.quote = $0 } }
    ),
    (
      "encoding", TextEncoding.names.map(\.names[0]).joined(separator: ", "),
      { options, text in TextEncoding(name: text).map { options.encoding = $0 } }
    ),
    ("requires-rows", "yes or no", { options, text in bool(text).map { options.requiresRows = $0 } }),
    (
      "indent", "a number from 0 to 8",
      { options, text in Int(text).flatMap { 0...8 ~= $0 ? $0 : nil }.map { options.indent = $0 } }
    ),
    ("compact", "yes or no", { options, text in bool(text).map { options.compact = $0 } }),
    ("refuse-duplicates", "yes or no", { options, text in bool(text).map { options.refusesDuplicates = $0 } }),
    ("root", "a name", { options, text in text.isEmpty ? nil : (options.root = text) }),
    ("item", "a name", { options, text in text.isEmpty ? nil : (options.item = text) }),
    ("attribute-prefix", "a text", { options, text in options.attributePrefix = text }),
  ]

  /// The names that `set` knows.
  package static var names: [String] { settings.map(\.name) }

  /// Sets an option by its name.
  ///
  /// Throws `DataFault` where there is none, or the value is none of it.
  package mutating func set(_ name: String, to value: String) throws {
    guard let row = Self.settings.first(where: { $0.name == name }) else {
      throw DataFault(.unsupported, "there is no option ‘\(name)’; there are \(Self.names.joined(separator: ", "))")
    }
    guard row.set(&self, value) != nil else {
      throw DataFault(.unsupported, "the option ‘\(name)’ must be \(row.expected)")
    }
  }

  private static func bool(_ text: String) -> Bool? {
    switch text {
    case "yes", "true", "1": true
    case "no", "false", "0": false
    default: nil
    }
  }

  private static func character(_ text: String) -> UInt8? {
    let words: [String: UInt8] = [
      "comma": 0x2C, "semicolon": 0x3B, "tab": 0x09, "\\t": 0x09, "pipe": 0x7C, "space": 0x20,
    ]
    if let byte = words[text] { return byte }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte == 0x09 || byte >= 0x20, byte < 0x7F else {
      return nil
    }
    return byte
  }
}
