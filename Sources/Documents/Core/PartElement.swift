import DataFormats

/// The beginning of an element: its name without and with prefix, and its attributes.
struct PartElement {
  /// Without prefix.
  let name: String
  /// As written.
  let fullName: String
  let attributes: [XMLAttribute]

  init(_ fullName: String, _ attributes: [XMLAttribute]) {
    self.fullName = fullName
    self.attributes = attributes
    name = Self.local(fullName)
  }

  /// The attribute of this name as written, else the first with any prefix.
  subscript(_ name: String) -> String? { attributes[name] ?? self[prefixed: name] }

  /// The first attribute of this name that has a prefix, as those that name relations do beside a plain `id`.
  subscript(prefixed name: String) -> String? {
    attributes.first { $0.name.utf8.count > name.utf8.count && $0.name.hasSuffix(name) && Self.local($0.name) == name }?
      .value
  }

  /// A whole number of an attribute, no further from zero than any that means something.
  func number(_ name: String) -> Int? { self[name].flatMap { Int($0) }.map { min(max($0, -Self.most), Self.most) } }

  private static let most = 1_000_000_000

  /// How many of something an attribute says: one where it says nothing, and no more than `most`.
  func count(_ name: String, atMost most: Int) -> Int { min(max(number(name) ?? 1, 1), most) }

  /// Whether an attribute of OOXML says yes (ISO/IEC 29500-1, 22.9.2.7); nil where there is none.
  func flag(_ name: String) -> Bool? { self[name].map { $0 == "1" || $0 == "true" } }

  /// The value `val` of a property of OOXML that is on unless it says otherwise (ISO/IEC 29500-1, 17.17.4).
  var isOn: Bool {
    switch self["val"] {
    case "0", "false", "off", "none": false
    default: true
    }
  }

  private static func local(_ name: String) -> String {
    guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return name }
    return String(name[name.utf8.index(after: colon)...])
  }
}
