/// A file format: how clients name it, what HTTP calls it and which ending its files get.
package struct Format: Sendable, Hashable, CustomStringConvertible {
  package enum Category: String, Sendable, CaseIterable {
    case image, document, audio, video, archive, other
  }

  /// Held by reference: catalogues copy and compare formats some hundred thousand times.
  private final class Facts: Sendable {
    let name: String
    let aliases: [String]
    let mediaType: String
    let fileExtension: String
    let category: Category
    let title: String

    init(
      _ name: String, _ aliases: [String], _ mediaType: String, _ fileExtension: String, _ category: Category,
      _ title: String
    ) {
      self.name = name
      self.aliases = aliases
      self.mediaType = mediaType
      self.fileExtension = fileExtension
      self.category = category
      self.title = title
    }
  }

  private let facts: Facts

  /// Each is made once, in the lists of this module.
  init(name: String, aliases: [String], mediaType: String, fileExtension: String, category: Category, title: String) {
    facts = Facts(name, aliases, mediaType, fileExtension, category, title)
  }

  package var name: String { facts.name }
  /// Other names that mean the same format.
  package var aliases: [String] { facts.aliases }
  package var mediaType: String { facts.mediaType }
  package var fileExtension: String { facts.fileExtension }
  package var category: Category { facts.category }
  /// How a sentence calls it, for example "PNG".
  package var title: String { facts.title }

  package static let png = Format(
    name: "png", aliases: [], mediaType: "image/png", fileExtension: "png", category: .image, title: "PNG")
  package static let jpeg = Format(
    name: "jpeg", aliases: ["jpg", "jpe", "jfif"], mediaType: "image/jpeg", fileExtension: "jpg", category: .image,
    title: "JPEG")

  static func picture(_ name: String, _ aliases: [String], _ mediaType: String, _ title: String) -> Format {
    Format(name: name, aliases: aliases, mediaType: mediaType, fileExtension: name, category: .image, title: title)
  }

  package static let bmp = picture("bmp", ["dib"], "image/bmp", "BMP")
  package static let pnm = picture("pnm", ["ppm", "pgm", "pbm"], "image/x-portable-anymap", "PNM")
  package static let pam = picture("pam", [], "image/x-portable-arbitrarymap", "PAM")
  package static let qoi = picture("qoi", [], "image/qoi", "QOI")
  package static let tga = picture("tga", ["targa"], "image/x-tga", "TGA")
  package static let ico = picture("ico", [], "image/vnd.microsoft.icon", "ICO")
  package static let cur = picture("cur", [], "image/x-win-bitmap", "CUR")
  package static let svg = picture("svg", [], "image/svg+xml", "SVG")
  package static let pdf = Format(
    name: "pdf", aliases: [], mediaType: "application/pdf", fileExtension: "pdf", category: .document, title: "PDF")
  /// What a file tells about itself.
  package static let json = Format(
    name: "json", aliases: [], mediaType: "application/json", fileExtension: "json", category: .other, title: "JSON")

  package static let zip = Format(
    name: "zip", aliases: [], mediaType: "application/zip", fileExtension: "zip", category: .archive, title: "ZIP")

  /// The sum of a file as text.
  static func sum(_ name: String, _ title: String) -> Format {
    Format(name: name, aliases: [], mediaType: "text/plain", fileExtension: name, category: .other, title: title)
  }

  package static let md5 = sum("md5", "MD5")
  package static let sha1 = sum("sha1", "SHA-1")
  package static let sha256 = sum("sha256", "SHA-256")
  package static let sha512 = sum("sha512", "SHA-512")
  package static let crc32 = sum("crc32", "CRC-32")
  package static let sums = [md5, sha1, sha256, sha512, crc32]

  static func document(_ name: String, _ aliases: [String], _ mediaType: String, _ title: String) -> Format {
    Format(name: name, aliases: aliases, mediaType: mediaType, fileExtension: name, category: .document, title: title)
  }

  static func data(_ name: String, _ aliases: [String], _ mediaType: String, _ title: String) -> Format {
    Format(name: name, aliases: aliases, mediaType: mediaType, fileExtension: name, category: .other, title: title)
  }

  /// Every format that can be told, read or written here.
  package static let all =
    [png, jpeg, bmp, pnm, pam, qoi, tga, ico, cur, svg] + pictures + [pdf, json, zip] + sums + documents + offices
    + texts
    + media + web

  private static let byName: [String: Format] = all.reduce(into: [:]) { found, format in
    for name in [format.name] + format.aliases { found[name] = found[name] ?? format }
  }

  /// The format of a name, an alias or a file ending, in any case and with or without a leading dot; else nil.
  package static func named(_ text: String) -> Format? {
    byName[(text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()]
  }

  /// True for pictures of pixels, in which no text can be found any more.
  package var isRaster: Bool { category == .image && self != .svg && self != .eps }

  package var description: String { name }

  package static func == (one: Format, other: Format) -> Bool { one.facts === other.facts }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(facts)) }
}
