/// What the formats of a workbook make of the numbers in its cells.
struct XLSXStyles {
  private var kinds: [NumberFormat] = []

  init(_ parts: DocumentParts, _ name: String?) throws {
    guard let name else { return }
    var codes: [Int: NumberFormat] = [:]
    try parts.readIfSound(name) { reader in
      try reader.root { element in
        switch element.name {
        case "numFmts":
          try reader.children { element in
            if let id = element.number("numFmtId"), let code = element["formatCode"] {
              codes[id] = NumberFormat(code: code)
            }
          }
        case "cellXfs":
          try reader.children { element in
            guard element.name == "xf" else { return }
            let id = element.number("numFmtId") ?? 0
            kinds.append(codes[id] ?? NumberFormat(id: id))
          }
        default: return
        }
      }
    }
  }

  func kind(of style: Int?) -> NumberFormat {
    guard let style, kinds.indices.contains(style) else { return .number }
    return kinds[style]
  }
}
