import DataFormats
import Markup

/// Reads the chapters of a book (EPUB 3.3) in their order as HTML.
struct EPUBReader {
  private let parts: DocumentParts
  private let package: EPUBPackage
  private var pictures: DocumentPictures

  init(_ parts: DocumentParts, _ options: DocumentOptions) throws {
    self.parts = parts
    package = try EPUBPackage(parts)
    pictures = DocumentPictures(parts, isEmbedding: options.embedsPictures)
  }

  /// The blocks of all chapters; throws `DataFault` where a part is at fault, or none can be read.
  mutating func read() throws -> [UInt8] {
    var page: [UInt8] = []
    var isRead = false
    for item in package.spine where item.type == "application/xhtml+xml" || item.type == "text/html" {
      guard let bytes = try parts.bytes(of: item.place) else { continue }
      isRead = true
      page += try chapter(bytes, item.place)
      guard page.count <= parts.limits.partBytes + parts.limits.pictureBytes * 2 else {
        throw DataFault(.tooLarge, "the chapters have more than \(parts.limits.partBytes) bytes")
      }
    }
    guard isRead || package.spine.isEmpty else {
      throw DataFault(.malformed, "none of the book's chapters is in it")
    }
    return page
  }

  /// A chapter as XHTML, or as any HTML where it is not well-formed.
  private mutating func chapter(_ bytes: [UInt8], _ place: String) throws -> [UInt8] {
    let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
    var filter = HTMLFilter(folder: folder, pictures: pictures)
    do {
      let entities = bytes.contains(UInt8(ascii: "&")) ? CharacterNames.texts : [:]
      try filter.read(PartReader(bytes, parts, entities: entities))
    } catch let fault as DataFault where fault.kind != .tooLarge {
      filter = HTMLFilter(folder: folder, pictures: pictures)
      // EPUB 3.3, section 3.9: a page of a book is UTF-8 or UTF-16, whatever it says of itself for the web.
      let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
      var parser = HTMLParser(encoding: isUTF8 ? .utf8 : nil)
      parser.allowsUnknownEncodings = true
      try filter.read(parser.parse(bytes))
    }
    pictures = filter.pictures
    return filter.finish()
  }
}
