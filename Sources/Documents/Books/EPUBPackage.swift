import DataFormats

/// What a book says of its parts (EPUB 3.3, 5).
struct EPUBPackage {
  struct Item {
    /// The name of the part.
    let place: String
    let type: String
  }

  let place: String
  private(set) var items: [Item] = []
  /// The parts to be read one after the other.
  private(set) var spine: [Item] = []

  /// Throws `DataFault` where there is no such part, or it is at fault.
  init(_ parts: DocumentParts) throws {
    var found: String?
    try parts.readIfSound("META-INF/container.xml") { reader in
      try reader.root { element in
        try reader.children { if found == nil, $0.name == "rootfile" { found = $0["full-path"] } }
      }
    }
    guard let place = found ?? parts.names.first(where: { $0.hasSuffix(".opf") }) else {
      throw DataFault(.malformed, "the book has no part that names its chapters (META-INF/container.xml)")
    }
    self.place = place
    let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
    var byName: [String: Item] = [:]
    let isThere = try parts.read(place) { reader in
      try reader.root { element in
        switch element.name {
        case "manifest":
          try reader.children { element in
            guard let address = element["href"] else { return }
            let name = Relationships.resolve(EPUBPackage.decoded(address), in: folder)
            let item = Item(place: name, type: element["media-type"] ?? "")
            items.append(item)
            if let id = element["id"] { byName[id] = item }
          }
        case "spine":
          try reader.children { element in
            if let item = element["idref"].flatMap({ byName[$0] }) { spine.append(item) }
          }
        default: return
        }
      }
    }
    guard isThere else { throw DataFault(.malformed, "the book lacks the part that names its chapters (\(place))") }
  }

  /// An address within the book as the name of a part, without a place in it.
  static func decoded(_ address: String) -> String {
    let bytes = Array(address.utf8.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") })
    return String(decoding: Escapes.decode(bytes, mark: UInt8(ascii: "%")), as: UTF8.self)
  }
}
