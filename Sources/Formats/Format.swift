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

  package static let docx = document(
    "docx", [], "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word")
  package static let xlsx = document(
    "xlsx", [], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel")
  package static let pptx = document(
    "pptx", [], "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint")
  package static let odt = document("odt", [], "application/vnd.oasis.opendocument.text", "OpenDocument text")
  package static let ods = document(
    "ods", [], "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet")
  package static let odp = document(
    "odp", [], "application/vnd.oasis.opendocument.presentation", "OpenDocument presentation")
  package static let epub = document("epub", [], "application/epub+zip", "EPUB")
  package static let html = document("html", ["htm", "xhtml"], "text/html", "HTML")
  package static let md = document("md", ["markdown"], "text/markdown", "Markdown")
  package static let txt = document("txt", ["text"], "text/plain", "plain text")
  package static let csv = data("csv", [], "text/csv", "CSV")
  package static let tsv = data("tsv", [], "text/tab-separated-values", "TSV")
  package static let xml = data("xml", [], "application/xml", "XML")
  package static let yaml = data("yaml", ["yml"], "application/yaml", "YAML")

  static let documents = [docx, xlsx, pptx, odt, ods, odp, epub, html, md, txt, csv, tsv, xml, yaml]

  /// Every format that can be told, read or written here.
  package static let all =
    [png, jpeg, bmp, pnm, pam, qoi, tga, ico, cur, svg, pdf, json, zip] + sums + documents

  private static let byName: [String: Format] = all.reduce(into: [:]) { found, format in
    for name in [format.name] + format.aliases { found[name] = found[name] ?? format }
  }

  /// The format of a name, an alias or a file ending, in any case and with or without a leading dot; else nil.
  package static func named(_ text: String) -> Format? {
    byName[(text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()]
  }

  package var description: String { name }
}
