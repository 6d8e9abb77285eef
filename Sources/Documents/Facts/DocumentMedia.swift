/// The pictures, sounds and films inside a document.
package enum DocumentMedia {
  private static let folders: [DocumentKind: [String]] = [
    .docx: ["word/media/"], .pptx: ["ppt/media/"], .xlsx: ["xl/media/"], .odt: ["Pictures/", "media/"],
    .ods: ["Pictures/", "media/"], .odp: ["Pictures/", "media/"],
  ]
  private static let kinds = ["image/", "audio/", "video/"]

  /// The names of their parts, in the order of the archive.
  ///
  /// Throws `DataFault` where a book's own list of parts is at fault.
  package static func names(_ kind: DocumentKind, _ parts: DocumentParts) throws -> [String] {
    if kind == .epub {
      let listed = Set(
        try EPUBPackage(parts).items.filter { item in kinds.contains { item.type.hasPrefix($0) } }.map(\.place))
      return parts.names.filter(listed.contains)
    }
    let folders = folders[kind] ?? []
    return parts.names.filter { name in
      !name.hasSuffix("/") && folders.contains { name.lowercased().hasPrefix($0.lowercased()) }
    }
  }
}
