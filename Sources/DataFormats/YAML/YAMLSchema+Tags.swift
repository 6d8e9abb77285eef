/// What tags ask of nodes (YAML 1.2.2 sections 10.1 to 10.3, and the types that version 1.1 had besides).
extension YAMLSchema {
  static let prefix = "tag:yaml.org,2002:"

  private static let ofMappings = ["map", "set"]
  private static let ofSequences = ["seq", "omap", "pairs"]
  private static let ofTexts = ["str", "binary", "timestamp", "merge", "value"]
  private static let ofScalars = ofTexts + ["null", "bool", "int", "float"]

  /// The meaning of a scalar with a tag; nil where the tag does not fit.
  ///
  /// Binary data stay the text in Base64 that they are, dates the text.
  static func tagged(_ text: ArraySlice<UInt8>, _ tag: String) -> DataScalar? {
    guard let name = standardName(tag) else { return .string(string(text)) }
    switch name {
    case "null": return isNull(text) ? .null : nil
    case "bool": return bool(text)
    case "int": return integer(text)
    case "float":
      if case .number(let whole)? = integer(text) { return .number(whole + ".0") }
      return float(text)
    default: return ofTexts.contains(name) ? .string(string(text)) : nil
    }
  }

  /// Whether a tag fits a mapping or a sequence; one that is not of YAML's own fits each.
  static func fits(_ tag: String, _ kind: YAMLEvent.Kind) -> Bool {
    guard let name = standardName(tag) else { return true }
    return (kind == .mapping ? ofMappings : ofSequences).contains(name)
  }

  /// Whether a tag is one of YAML's own that is known here.
  static func isKnown(_ tag: String) -> Bool {
    tag == "!" || standardName(tag).map { (ofMappings + ofSequences + ofScalars).contains($0) } == true
  }

  /// What follows the prefix of YAML's own tags; nil for another's.
  static func standardName(_ tag: String) -> String? {
    tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : nil
  }

  /// A tag as it is usually written.
  static func shorthand(_ tag: String) -> String {
    standardName(tag).map { "!!" + $0 } ?? (tag.hasPrefix("!") ? tag : "!<\(tag)>")
  }
}
