import Basics
import Formats
import Glibc
import TestSupport
import XCTest

@testable import Conversion

/// What documents may try: to read files of this machine, to call others, to run, and to grow.
final class OfficeHostileTests: XCTestCase {
  private static let layers: [ToolConfinement] = [[], [.users, .network, .processes]]

  /// Documents that name a file and an address in every way that LibreOffice follows.
  private func curious(_ canary: Canary) -> [(Format, [UInt8])] {
    let (file, address) = ("file://\(canary.path)", canary.address)
    let html = """
      <html><head><link rel="stylesheet" href="\(address)"><style>@import url(\(address)); body {background:url(\(address))}
      </style><base href="\(address)"></head><body background="\(address)"><img src="\(address)"><img src="\(file)">
      <iframe src="\(file)"></iframe><object data="\(file)"></object><embed src="\(address)"><a href="\(file)">x</a>
      <form action="\(address)"><input type="image" src="\(address)"></form></body></html>
      """
    let odt = OfficeSamples.odt(
      body: """
        <text:section text:name="a"><text:section-source xlink:href="\(file)" xlink:type="simple" xlink:show="embed"/>\
        </text:section><text:section text:name="b"><text:section-source xlink:href="\(address)" xlink:type="simple"/>\
        </text:section><text:p><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="\(address)"/>\
        </draw:frame><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="\(file)"/></draw:frame>\
        <draw:frame svg:width="2cm" svg:height="2cm"><draw:object xlink:href="\(file)"/></draw:frame>\
        <draw:frame svg:width="2cm" svg:height="2cm"><draw:floating-frame xlink:href="\(file)"/></draw:frame></text:p>
        """)
    let csv = #"=WEBSERVICE("\#(address)"),='\#(file)'#$Sheet1.A1,"=HYPERLINK(""\#(address)"")""# + "\n"
    return [
      (.html, Array(html.utf8)), (.odt, odt), (.docx, docx(canary, external: [file, address, canary.path])),
      (.csv, Array(csv.utf8)), (.rtf, Array(rtf(canary).utf8)), (.docx, template(address)),
    ]
  }

  /// Pictures and fields that lie elsewhere.
  private func docx(_ canary: Canary, external targets: [String]) -> [UInt8] {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    let relations = targets.enumerated().map { index, target in
      #"<Relationship Id="x\#(index)" Type="\#(office)/image" Target="\#(target)" TargetMode="External"/>"#
    }
    let pictures = targets.indices.map { index in
      """
      <w:p><w:r><w:drawing><wp:inline><wp:extent cx="999999" cy="999999"/><wp:docPr id="\(index + 1)" name="x"/><a:graphic>\
      <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>\
      <pic:cNvPr id="\(index + 1)" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="x\(index)"/>\
      <a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>\
      <a:ext cx="999999" cy="999999"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>\
      </a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>
      """
    }
    let fields = ["INCLUDETEXT", "INCLUDEPICTURE", "LINK Word.Document.8", "DDEAUTO c:\\\\x"].map { field in
      #"<w:p><w:fldSimple w:instr=" \#(field) &quot;\#(canary.path)&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>"#
    }
    return OfficeSamples.docx(body: (pictures + fields).joined(), relations: relations.joined())
  }

  /// A text that asks for its template.
  private func template(_ address: String) -> [UInt8] {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return OfficeSamples.docx(
      relations:
        #"<Relationship Id="t" Type="\#(office)/attachedTemplate" Target="\#(address)" TargetMode="External"/>"#
        + #"<Relationship Id="f" Type="\#(office)/frame" Target="\#(address)" TargetMode="External"/>"#)
  }

  private func rtf(_ canary: Canary) -> String {
    let fields = [#"INCLUDETEXT "\#(canary.path)""#, #"INCLUDEPICTURE "\#(canary.address)" \\d"#].map { field in
      #"{\field{\*\fldinst { \#(field) }}{\fldrslt x}}"#
    }
    return #"{\rtf1\ansi{\*\template \#(canary.address)}"# + fields.joined() + #"\par x}"#
  }

  func testMake_OfDocumentsThatNameFilesAndPlaces_ReadsAndReachesNothing() throws {
    let canary = try Canary()
    for masked in OfficeHostileTests.layers {
      let bench = try OfficeBench(masked: masked, residents: 1)
      for (from, bytes) in curious(canary) {
        for to in [Format.pdf, from == .csv ? .ods : .odt, .html] where to != from {
          let made = try bench.make(bytes, from: from, to: to, by: "LibreOffice", owner: 1)
          XCTAssertEqual(made.count, 1)
          for file in made { XCTAssertFalse(try canary.isIn(file), "\(from) to \(to), without \(masked.words)") }
        }
      }
    }
    XCTAssertEqual(canary.visits, 0)
    // Else the documents prove nothing.
    let open = try OfficeBench(masked: [.users, .network, .processes, .paths, .calls])
    // Nobody answers there.
    for (from, bytes) in curious(canary) where from == .html {
      _ = try? open.make(bytes, from: from, to: .pdf, by: "LibreOffice", timeLimit: .seconds(5))
    }
    XCTAssertGreaterThan(canary.visits, 0)
  }

  func testMake_OfDocumentsWithMacros_RunsNone() throws {
    let bench = try OfficeBench(residents: 1)
    let text = try bench.make(OfficeSamples.macro(), from: .odt, to: .txt, by: "LibreOffice", owner: 1)[0].text
    XCTAssertTrue(text.contains("Zweites"), text)
    XCTAssertFalse(text.contains("macro ran"), text)
  }

  func testMake_OfWhatGrowsWithoutEnd_EndsAtALimit_AndTheNextIsMade() throws {
    let bench = try OfficeBench(residents: 1)
    let part = "<w:p><w:r><w:t>" + String(repeating: "grow ", count: 200) + "</w:t></w:r></w:p>"
    let bomb = try OfficeSamples.packed([
      ("[Content_Types].xml", OfficeSamples.wordTypes), ("_rels/.rels", OfficeSamples.wordRoot),
      ("word/document.xml", OfficeSamples.wordHead + String(repeating: part, count: 200_000)),
    ])
    XCTAssertLessThan(bomb.count, 2 << 20)
    let failure = bench.failure(bomb, from: .docx, to: .pdf, timeLimit: .seconds(10))
    XCTAssertTrue(
      [.timeLimit, .memoryLimit, .damagedFile, .converterDied].contains(failure?.code), "\(String(describing: failure))"
    )
    let made = try bench.make(OfficeSamples.docx(), from: .docx, to: .pdf, owner: 1)
    XCTAssertTrue(try made[0].read("pdftotext", "made", "-").contains("Grüße"))
  }

  func testMake_OfAnything_GivesAVerdict() throws {
    let bench = try OfficeBench(residents: 1)
    let noise = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let formats: [Format] = [.docx, .doc, .rtf, .xlsx, .xls, .pptx, .ppt, .odt, .ods, .odp, .pages, .numbers, .key]
    for format in formats {
      for bytes in [
        noise, [], Array("PK\u{3}\u{4}".utf8) + noise, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + noise,
      ] {
        do {
          // LibreOffice takes some of it for a text.
          _ = try bench.make(bytes, from: format, to: .pdf, by: "LibreOffice", owner: 1)
        } catch {
          let code = (error as? ConversionFailure)?.code
          XCTAssertTrue(
            [.damagedFile, .unsupportedConversion, .passwordRequired].contains(code), "\(format): \(error)")
        }
      }
    }
  }
}
