import Formats

/// Documents made here, small and valid, that say "Grüße" and "Zweites" somewhere.
enum OfficeSamples {
  private static let head = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#
  private static let types = "http://schemas.openxmlformats.org/package/2006/content-types"
  private static let relations = "http://schemas.openxmlformats.org/package/2006/relationships"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let media = "application/vnd.openxmlformats-officedocument"
  private static let namespaces =
    [
      "office", "text", "draw", "presentation", "table", "style",
    ].map { #"xmlns:\#($0)="urn:oasis:names:tc:opendocument:xmlns:\#(uri[$0] ?? $0):1.0""# }.joined(separator: " ")
    + #" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0""#
    + #" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink""#
  private static let uri = ["draw": "drawing"]

  static let of: [(format: Format, bytes: [UInt8])] = [
    (.docx, docx()), (.xlsx, xlsx), (.odp, odp), (.odt, odt()), (.html, Array(html.utf8)), (.txt, Array(text.utf8)),
    (.csv, Array(csv.utf8)), (.tsv, Array(csv.replacing(";", with: "\t").utf8)), (.rtf, Array(rtf.utf8)),
  ]

  /// A picture of one point, as a PNG in Base64.
  static let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
  static let text = "Grüße aus Köln\nZweites\n"
  static let csv = "Grüße;Zweites;wann\n\"a;b\";007;2024-01-02\n"
  static let rtf = #"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Serif;}}\f0 Gr\'fc\'dfe aus K\'f6ln\par Zweites\par}"#
  static let html = """
    <!DOCTYPE html><html><head><meta charset="utf-8"><title>Titel</title></head><body><h1>Grüße</h1><p>Zweites
    <b>fett</b></p><ul><li>eins</li></ul><table><tr><td>1</td><td>2</td></tr></table></body></html>
    """

  /// A text of so many pages; `body` is put in before them.
  static func docx(pages: Int = 3, body: String = "", relations more: String = "") -> [UInt8] {
    let rows = (1...pages).map { page in
      #"<w:p><w:r>\#(page > 1 ? #"<w:br w:type="page"/>"# : "")<w:t>Grüße \#(page) Zweites</w:t></w:r></w:p>"#
    }
    return ZIPSample.bytes([
      (
        "[Content_Types].xml",
        """
        \(head)<Types xmlns="\(types)"><Default Extension="rels" ContentType="\
        application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>\
        <Override PartName="/word/document.xml" ContentType="\(media).wordprocessingml.document.main+xml"/></Types>
        """
      ), root("word/document.xml"),
      (
        "word/document.xml",
        """
        \(head)<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="\(office)" \
        xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" \
        xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" \
        xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>\(body)\(rows.joined())</w:body>\
        </w:document>
        """
      ),
      ("word/_rels/document.xml.rels", #"\#(head)<Relationships xmlns="\#(relations)">\#(more)</Relationships>"#),
    ])
  }

  /// Two sheets.
  static let xlsx: [UInt8] = {
    func sheet(_ text: String, _ number: Int) -> String {
      """
      \(head)<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">\
      <c r="A1" t="inlineStr"><is><t>\(text)</t></is></c><c r="B1" t="inlineStr"><is><t>Zweites</t></is></c>\
      <c r="C1"><v>\(number)</v></c></row></sheetData></worksheet>
      """
    }
    let sheets = (1...2).map { number in
      #"<Override PartName="/xl/worksheets/sheet\#(number).xml" ContentType="\#(media).spreadsheetml.worksheet+xml"/>"#
    }
    return ZIPSample.bytes([
      (
        "[Content_Types].xml",
        """
        \(head)<Types xmlns="\(types)"><Default Extension="rels" ContentType="\
        application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>\
        <Override PartName="/xl/workbook.xml" ContentType="\(media).spreadsheetml.sheet.main+xml"/>\(sheets.joined())</Types>
        """
      ), root("xl/workbook.xml"),
      (
        "xl/workbook.xml",
        """
        \(head)<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="\(office)"><sheets>\
        <sheet name="Eins" sheetId="1" r:id="r1"/><sheet name="Zwei" sheetId="2" r:id="r2"/></sheets></workbook>
        """
      ),
      (
        "xl/_rels/workbook.xml.rels",
        """
        \(head)<Relationships xmlns="\(relations)"><Relationship Id="r1" Type="\(office)/worksheet" \
        Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="\(office)/worksheet" Target="worksheets/sheet2.xml"/>\
        </Relationships>
        """
      ), ("xl/worksheets/sheet1.xml", sheet("Grüße", 7)), ("xl/worksheets/sheet2.xml", sheet("Anderes", 8)),
    ])
  }()

  /// Two slides.
  static let odp: [UInt8] = {
    let slides = ["Grüße", "Zweites"].map { text in
      """
      <draw:page draw:name="\(text)"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="15cm" svg:height="3cm">\
      <draw:text-box><text:p>\(text)</text:p></draw:text-box></draw:frame></draw:page>
      """
    }
    return open("presentation", "<office:presentation>\(slides.joined())</office:presentation>")
  }()

  static func odt(body: String = "") -> [UInt8] {
    open("text", "<office:text>\(body)<text:p>Grüße</text:p><text:p>Zweites</text:p></office:text>")
  }

  /// A document of OpenDocument's.
  private static func open(_ kind: String, _ body: String) -> [UInt8] {
    let type = "application/vnd.oasis.opendocument.\(kind)"
    return ZIPSample.bytes([
      ("mimetype", type),
      (
        "META-INF/manifest.xml",
        """
        \(head)<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
        manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="\(type)"/>\
        <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>
        """
      ),
      (
        "content.xml",
        "\(head)<office:document-content \(namespaces) office:version=\"1.2\"><office:body>\(body)</office:body>"
          + "</office:document-content>"
      ),
    ])
  }

  private static func root(_ target: String) -> (String, String) {
    (
      "_rels/.rels",
      #"\#(head)<Relationships xmlns="\#(relations)"><Relationship Id="r1" Type="\#(office)/officeDocument" "#
        + #"Target="\#(target)"/></Relationships>"#
    )
  }
}
