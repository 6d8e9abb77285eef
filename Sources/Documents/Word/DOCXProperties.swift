/// What is said of a paragraph or a run, or by a style of them; nil for what is not said.
struct DOCXProperties {
  var style: String?
  var list: String?
  var level: Int?
  var outline: Int?
  var isBold: Bool?
  var isItalic: Bool?
  var isStruck: Bool?
  var isHidden: Bool?
  /// "superscript", "subscript" or "baseline".
  var position: String?
  /// The mark at the paragraph's end was deleted, so that it goes on with the next one.
  var isJoined = false

  /// Reads the children of `pPr` or `rPr`.
  mutating func read(_ reader: PartReader) throws {
    try reader.children { element in
      switch element.name {
      case "pStyle", "rStyle": style = element["val"]
      case "outlineLvl": outline = element.number("val")
      case "b": isBold = element.isOn
      case "i": isItalic = element.isOn
      case "strike", "dstrike": isStruck = element.isOn || isStruck ?? false
      case "vanish": isHidden = element.isOn
      case "vertAlign": position = element["val"]
      case "numPr":
        try reader.children { element in
          if element.name == "numId" { list = element["val"] }
          if element.name == "ilvl" { level = element.number("val") }
        }
      case "rPr": try reader.children { if $0.name == "del" { isJoined = true } }
      default: break
      }
    }
  }

  /// Takes what others say in place of its own.
  mutating func take(_ other: DOCXProperties) {
    style = other.style ?? style
    list = other.list ?? list
    level = other.level ?? level
    outline = other.outline ?? outline
    isBold = other.isBold ?? isBold
    isItalic = other.isItalic ?? isItalic
    isStruck = other.isStruck ?? isStruck
    isHidden = other.isHidden ?? isHidden
    position = other.position ?? position
  }

  var textStyle: TextStyle {
    var style: TextStyle = []
    if isBold ?? false { style.insert(.bold) }
    if isItalic ?? false { style.insert(.italic) }
    if isStruck ?? false { style.insert(.struck) }
    if position == "superscript" { style.insert(.superscript) }
    if position == "subscript" { style.insert(.subscript) }
    return style
  }
}
