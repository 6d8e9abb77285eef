import DataFormats

/// Reads and writes YAML in memory for the tests.
enum YAMLTrial {
  /// The documents of a text, each in a notation like JSON's.
  static func values(_ text: String, _ reader: YAMLReader = YAMLReader(documents: .apart)) throws -> [String] {
    try values(Array(text.utf8), reader)
  }

  static func values(_ bytes: [UInt8], _ reader: YAMLReader = YAMLReader(documents: .apart)) throws -> [String] {
    var tree = DataTree()
    try reader.read(ByteFeed(bytes), into: &tree)
    return tree.values.map(notation)
  }

  /// The only document of a text.
  static func value(_ text: String, _ reader: YAMLReader = YAMLReader()) throws -> String {
    try values(text, reader).joined(separator: " ")
  }

  /// The fault with which a text is refused; nil where it is not.
  static func fault(_ text: String, _ reader: YAMLReader = YAMLReader()) throws -> DataFault? {
    do {
      _ = try values(text, reader)
      return nil
    } catch let fault as DataFault {
      return fault
    }
  }

  static func written(_ values: DataValue...) throws -> String {
    var bytes: [UInt8] = []
    let drain = ByteDrain { bytes += $0 }
    var writer = YAMLWriter(drain)
    for value in values { try value.tell(&writer) }
    try writer.finish()
    try drain.flush()
    return String(decoding: bytes, as: UTF8.self)
  }

  static func notation(_ value: DataValue) -> String {
    switch value {
    case .array(let values): "[" + values.map(notation).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\"\($0.name)\":" + notation($0.value) }.joined(separator: ",") + "}"
    case .scalar(.string(let text)): "\"\(text)\""
    case .scalar(.number(let text)): text
    case .scalar(.bool(let isTrue)): "\(isTrue)"
    case .scalar(.null): "null"
    case .scalar(let other): "\(other)"
    }
  }
}
