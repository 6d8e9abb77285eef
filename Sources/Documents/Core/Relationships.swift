/// What a part of an OOXML package refers to, by the names it uses (OPC, ISO/IEC 29500-2, 6.5).
struct Relationships {
  struct Target {
    /// The last part of the type's address, as "image"; strict documents have other addresses with the same ends.
    let kind: String
    /// The name of a part, or an address outside.
    let place: String
    let isExternal: Bool

    /// The name of a part; nil for what is not in the document.
    var part: String? { isExternal ? nil : place }
  }

  private(set) var targets: [String: Target] = [:]
  private(set) var order: [Target] = []

  /// Those of a part; of the package itself with an empty name.
  init(of part: String, in parts: DocumentParts) throws {
    let (folder, file) = Self.split(part)
    try parts.readIfSound("\(folder)_rels/\(file).rels") { reader in
      try reader.root { element in
        guard element.name == "Relationship", let id = element["Id"], let place = element["Target"] else { return }
        let isExternal = element["TargetMode"] == "External"
        let kind = element["Type"]?.split(separator: "/").last.map(String.init) ?? ""
        let target = Target(
          kind: kind, place: isExternal ? place : Self.resolve(place, in: folder), isExternal: isExternal)
        targets[id] = target
        order.append(target)
      }
    }
  }

  subscript(_ id: String?) -> Target? { id.flatMap { targets[$0] } }

  /// The first part of this kind.
  func part(_ kind: String) -> String? { order.first { $0.kind == kind && !$0.isExternal }?.place }

  private static func split(_ part: String) -> (folder: String, file: String) {
    guard let slash = part.lastIndex(of: "/") else { return ("", part) }
    return (String(part[...slash]), String(part[part.index(after: slash)...]))
  }

  /// The name of a part that is named from a folder, which is empty or ends with a slash.
  static func resolve(_ place: String, in folder: String) -> String {
    if place.hasPrefix("/") { return String(place.dropFirst()) }
    var names = folder.split(separator: "/")
    for name in place.split(separator: "/") {
      if name == ".." {
        _ = names.popLast()
      } else if name != "." {
        names.append(name)
      }
    }
    return names.joined(separator: "/")
  }
}
