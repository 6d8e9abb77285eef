import DataFormats
import XCTest

@testable import Documents

/// Documents of a few parts, and what is read out of them.
enum SampleDocument {
  static func parts(_ texts: KeyValuePairs<String, String>, limits: DocumentLimits = DocumentLimits()) -> DocumentParts
  {
    let bytes = texts.map { Array($0.value.utf8) }
    return DocumentParts(texts.map(\.key), limits: limits) { place, most in
      guard bytes[place].count <= most else { throw DataFault(.tooLarge, "a part is too large") }
      return bytes[place]
    }
  }

  /// The blocks of a Word document with such a body and further parts.
  static func docx(
    _ body: String, _ others: KeyValuePairs<String, String> = [:], relations: String = ""
  ) throws -> String {
    var texts = [
      ("word/document.xml", "<w:document xmlns:w=\"w\" xmlns:r=\"r\"><w:body>\(body)</w:body></w:document>"),
      ("word/_rels/document.xml.rels", "<Relationships>\(relations)</Relationships>"),
    ]
    texts += others.map { ($0.key, $0.value) }
    let bytes = texts.map { Array($0.1.utf8) }
    let parts = DocumentParts(texts.map(\.0)) { place, _ in bytes[place] }
    return String(decoding: try DocumentReader(.docx, parts).blocks(), as: UTF8.self)
  }

  static func blocks(
    _ kind: DocumentKind, _ texts: KeyValuePairs<String, String>, _ options: DocumentOptions = DocumentOptions()
  ) throws -> String {
    String(decoding: try DocumentReader(kind, parts(texts)).blocks(options), as: UTF8.self)
  }

  static func odt(_ text: String, styles: String = "") -> KeyValuePairs<String, String> {
    [
      "content.xml": """
      <office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:style="s" \
      xmlns:fo="f" xmlns:svg="v" xmlns:xlink="x" xmlns:presentation="p"><office:automatic-styles>\(styles)\
      </office:automatic-styles><office:body>\(text)</office:body></office:document-content>
      """
    ]
  }

  /// What a target makes of blocks.
  static func write(_ blocks: String, _ target: DocumentTarget) throws -> String {
    var bytes: [UInt8] = []
    try target.write(Array(blocks.utf8), to: ByteDrain { bytes += $0 })
    return String(decoding: bytes, as: UTF8.self)
  }
}
