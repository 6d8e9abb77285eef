import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

extension OfficeSamples {
  static let wordTypes = """
    <?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
    <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
    <Override PartName="/word/document.xml" ContentType="\
    application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>
    """
  static let wordRoot = """
    <?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
    <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
    Target="word/document.xml"/></Relationships>
    """
  static let wordHead = """
    <?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
    """

  /// An archive of entries that are packed.
  static func packed(_ entries: [(name: String, text: String)]) throws -> [UInt8] {
    let target = try TestFile()
    let writer = ZIPWriter(target.descriptor)
    for (name, text) in entries {
      let file = try TestFile(Array(text.utf8))
      try withExtendedLifetime(file) {
        try writer.add(name, from: file.descriptor, at: Timestamp(milliseconds: 1_700_000_000_000))
      }
    }
    _ = try writer.finish()
    return target.bytes
  }

  /// A text whose macro would write into it as soon as it is open.
  static func macro() -> [UInt8] {
    let namespaces =
      #"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:ooo="http://openoffice.org/2004/office" "#
      + #"xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dom="http://www.w3.org/2001/xml-events" "#
      + #"xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink""#
    let type = "application/vnd.oasis.opendocument.text"
    let library = #"xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink""#
    let parts = ["content.xml", "Basic/script-lc.xml", "Basic/Standard/script-lb.xml", "Basic/Standard/Module1.xml"].map
    {
      #"<manifest:file-entry manifest:full-path="\#($0)" manifest:media-type="text/xml"/>"#
    }
    let events = ["dom:load", "office:load-finished", "office:view-created", "office:new"].map { event in
      #"<script:event-listener script:language="ooo:script" script:event-name="\#(event)" xlink:type="simple" "#
        + #"xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document"/>"#
    }
    let manifest =
      #"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">"#
      + #"<manifest:file-entry manifest:full-path="/" manifest:media-type="\#(type)"/>\#(parts.joined())"#
      + "</manifest:manifest>"
    let content = """
      <office:document-content \(namespaces) office:version="1.2"><office:scripts><office:event-listeners>\
      \(events.joined())</office:event-listeners></office:scripts><office:body><office:text><text:p>Zweites</text:p>\
      </office:text></office:body></office:document-content>
      """
    let list = """
      <library:libraries \(library)><library:library library:name="Standard" library:link="false"/></library:libraries>
      """
    let modules = """
      <library:library \(library) library:name="Standard" library:readonly="false" library:passwordprotected="false">\
      <library:element library:name="Module1"/></library:library>
      """
    let module = """
      <script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">\
      Sub Main
      ThisComponent.Text.String = &quot;macro ran&quot;
      End Sub
      </script:module>
      """
    let entries: [(name: String, text: String)] = [
      ("mimetype", type), ("META-INF/manifest.xml", manifest), ("content.xml", content), ("Basic/script-lc.xml", list),
      ("Basic/Standard/script-lb.xml", modules), ("Basic/Standard/Module1.xml", module),
    ]
    return ZIPSample.bytes(entries)
  }
}
