/// The event stream in the notation of yaml-test-suite, by which parsers are compared.
extension YAMLReader {
  /// One line an event.
  ///
  /// Throws `DataFault` where the text is not YAML.
  package static func events(_ raw: [UInt8], limits: DataLimits = DataLimits()) throws(DataFault) -> [String] {
    var parser = try YAMLParser(raw, limits: limits)
    var lines = ["+STR"]
    while try parser.nextDocument() {
      let document = parser.document
      lines.append(document.isMarked ? "+DOC ---" : "+DOC")
      var open: [YAMLEvent.Kind] = []
      for event in document.events where event.kind != .nothing {
        let marks = marks(of: event, document, parser.bytes)
        let isText = event.kind == .scalar || event.kind == .alias
        let bytes = event.isDecoded ? document.decoded : parser.bytes
        let content = bytes[event.start..<(isText ? event.end : event.start)]
        switch event.kind {
        case .mapping, .sequence:
          let isMapping = event.kind == .mapping
          open.append(event.kind)
          lines.append((isMapping ? "+MAP" : "+SEQ") + (event.style == .flow ? isMapping ? " {}" : " []" : "") + marks)
        case .end: lines.append(open.popLast() == .mapping ? "-MAP" : "-SEQ")
        case .alias: lines.append("=ALI *" + YAMLSchema.string(content))
        default: lines.append("=VAL" + marks + " " + sign(event.style) + escaped(content))
        }
      }
      lines.append(document.isClosed ? "-DOC ..." : "-DOC")
    }
    return lines + ["-STR"]
  }

  private static func marks(of event: YAMLEvent, _ document: YAMLDocument, _ source: [UInt8]) -> String {
    guard event.kind != .alias, event.link >= 0 else { return "" }
    let properties = document.properties[Int(event.link)]
    let anchor = properties.anchor.map { " &" + YAMLSchema.string(source[$0]) } ?? ""
    return anchor + (properties.tag.map { " <\($0)>" } ?? "")
  }

  private static func sign(_ style: YAMLEvent.Style) -> String {
    switch style {
    case .single: "'"
    case .double: "\""
    case .literal: "|"
    case .folded: ">"
    default: ":"
    }
  }

  private static func escaped(_ content: ArraySlice<UInt8>) -> String {
    let escapes: [UInt8: String] = [
      YAMLMark.lineFeed: "\\n", YAMLMark.tab: "\\t", YAMLMark.backslash: "\\\\", 0x0D: "\\r", 0x08: "\\b",
    ]
    var text: [UInt8] = []
    for byte in content {
      if let escape = escapes[byte] { text += escape.utf8 } else { text.append(byte) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
