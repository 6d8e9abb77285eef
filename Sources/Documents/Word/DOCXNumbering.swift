/// How lists are numbered (ISO/IEC 29500-1, 17.9).
struct DOCXNumbering {
  struct Level {
    var format = "decimal"
    var start = 1

    var isOrdered: Bool { format != "bullet" && format != "none" }
  }

  private struct Abstract {
    var levels: [Int: Level] = [:]
    /// A style whose list has the levels.
    var link: String?
  }

  private var abstracts: [String: Abstract] = [:]
  private var lists: [String: (abstract: String, levels: [Int: Level], starts: [Int: Int])] = [:]
  /// The abstract list that a style stands for.
  private var styleLinks: [String: String] = [:]

  init(_ parts: DocumentParts, _ name: String?) throws {
    guard let name else { return }
    try parts.readIfSound(name) { reader in
      try reader.root { element in
        switch element.name {
        case "abstractNum": try readAbstract(reader, element["abstractNumId"] ?? "")
        case "num": try readList(reader, element["numId"] ?? "")
        default: break
        }
      }
    }
  }

  private mutating func readAbstract(_ reader: PartReader, _ id: String) throws {
    var abstract = Abstract()
    try reader.children { element in
      switch element.name {
      case "lvl": abstract.levels[element.number("ilvl") ?? 0] = try Self.readLevel(reader)
      case "numStyleLink": abstract.link = element["val"]
      case "styleLink": if let style = element["val"] { styleLinks[style] = id }
      default: break
      }
    }
    abstracts[id] = abstract
  }

  private mutating func readList(_ reader: PartReader, _ id: String) throws {
    var abstract = ""
    var levels: [Int: Level] = [:]
    var starts: [Int: Int] = [:]
    try reader.children { element in
      switch element.name {
      case "abstractNumId": abstract = element["val"] ?? ""
      case "lvlOverride":
        let place = element.number("ilvl") ?? 0
        try reader.children { element in
          if element.name == "lvl" { levels[place] = try Self.readLevel(reader) }
          if element.name == "startOverride" { starts[place] = element.number("val") }
        }
      default: break
      }
    }
    lists[id] = (abstract, levels, starts)
  }

  private static func readLevel(_ reader: PartReader) throws -> Level {
    var level = Level()
    try reader.children { element in
      if element.name == "numFmt" { level.format = element["val"] ?? "decimal" }
      if element.name == "start" { level.start = element.number("val") ?? 1 }
    }
    return level
  }

  /// A level of a list; nil where there is no such list, which takes a paragraph out of all lists.
  func level(_ level: Int, of id: String) -> Level? {
    guard id != "0", let list = lists[id] else { return nil }
    var abstract = abstracts[list.abstract]
    if let link = abstract?.link, let id = styleLinks[link] { abstract = abstracts[id] }
    var found = list.levels[level] ?? abstract?.levels[level] ?? Level(format: "bullet")
    if let start = list.starts[level] { found.start = start }
    return found
  }

  /// What counts on together: lists of one abstract list, but for one that begins anew.
  func identity(of id: String) -> String {
    guard let list = lists[id], list.starts.isEmpty else { return "list " + id }
    return list.abstract
  }
}
