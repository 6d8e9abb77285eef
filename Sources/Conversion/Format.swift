/// A file format: how clients name it, what HTTP calls it and which ending its files get.
package struct Format: Sendable, Hashable, CustomStringConvertible {
  package enum Category: String, Sendable, CaseIterable {
    case image, document, audio, video, archive, other
  }

  package let name: String
  /// Other names that mean the same format.
  package let aliases: [String]
  package let mediaType: String
  package let fileExtension: String
  package let category: Category
  /// How a sentence calls it, for example "PNG".
  package let title: String

  package static let png = Format(
    name: "png", aliases: [], mediaType: "image/png", fileExtension: "png", category: .image, title: "PNG")
  package static let jpeg = Format(
    name: "jpeg", aliases: ["jpg", "jpe", "jfif"], mediaType: "image/jpeg", fileExtension: "jpg", category: .image,
    title: "JPEG")

  static func picture(_ name: String, _ aliases: [String] = [], _ mediaType: String, _ title: String) -> Format {
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

  /// Every format that can be read or written here.
  package static let all = [png, jpeg, bmp, pnm, pam, qoi, tga, ico, cur, svg, pdf, json]

  /// The format of a name, an alias or a file ending, in any case and with or without a leading dot; else nil.
  package static func named(_ text: String) -> Format? {
    let name = (text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()
    return all.first { $0.name == name || $0.aliases.contains(name) }
  }

  package var description: String { name }
}
