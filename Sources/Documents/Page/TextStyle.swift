/// How letters are set off from those beside them.
struct TextStyle: OptionSet {
  let rawValue: UInt8

  static let bold = TextStyle(rawValue: 1)
  static let italic = TextStyle(rawValue: 2)
  static let struck = TextStyle(rawValue: 4)
  static let superscript = TextStyle(rawValue: 8)
  static let `subscript` = TextStyle(rawValue: 16)
  static let code = TextStyle(rawValue: 32)

  /// In the order in which they stand around the text.
  static let tags: [(style: TextStyle, name: StaticString)] = [
    (.bold, "strong"), (.italic, "em"), (.struck, "del"), (.superscript, "sup"), (.subscript, "sub"), (.code, "code"),
  ]
}
