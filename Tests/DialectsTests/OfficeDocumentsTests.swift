import Appliance
import Basics
import Conversion
import Formats
import Storage
import TestSupport
import XCTest

/// Office documents through the API; skipped where LibreOffice is not.
final class OfficeDocumentsTests: XCTestCase {
  private func server() throws -> TestServer {
    let toolbox = Toolbox.find()
    for package in ["libreoffice-writer-nogui", "libreoffice-calc-nogui"] {
      let missing = Catalogue(found: toolbox).missing.contains { toolbox.missing(for: $0)?.package == package }
      try XCTSkipIf(missing, "\(package) is not here: apt-get install \(package)")
    }
    return try TestServer(makers: Makers.all, toolbox: toolbox)
  }

  private func job(
    _ server: TestServer, from: String, to: String, _ bytes: [UInt8], options: [String: String] = [:]
  ) throws -> TestReply {
    let form = options.sorted { $0.key < $1.key }.reduce(
      MultipartForm.conversion(from: from, to: to, type: "document")
    ) { $0.field("options[\($1.key)]", $1.value) }
    let reply = try server.submit(form.file("files[]", "Bericht.\(from)", bytes))
    return try server.ended(try XCTUnwrap(reply.json["request_id"]?.string, reply.text))
  }

  func testDocuments_OneAfterTheOther_ComeOutUnderTheirNames() throws {
    let server = try server()
    for number in 1...3 {
      let job = try job(server, from: "txt", to: "docx", Array("Grüße \(number)\n".utf8))
      XCTAssertEqual(job.json["job"]?["status"]?.string, "completed", job.text)
      XCTAssertEqual(job.json["outputs"]?[0]?["file_name"]?.string, "Bericht.docx")
      let file = try server.client.get(server.path(of: job.json["outputs"]?[0]?["download_url"]?.string))
      XCTAssertTrue(file.body.starts(with: Array("PK".utf8)))
      let pdf = try self.job(server, from: "docx", to: "pdf", file.body, options: ["pdfa": "2b"])
      XCTAssertEqual(pdf.json["job"]?["status"]?.string, "completed", pdf.text)
    }
  }

  func testSheets_BecomeSeveralOutputs() throws {
    let server = try server()
    let book = try job(server, from: "csv", to: "xlsx", Array("a;b\n007;2\n".utf8), options: ["as_text": "true"])
    let file = try server.client.get(server.path(of: book.json["outputs"]?[0]?["download_url"]?.string))
    let job = try job(server, from: "xlsx", to: "csv", file.body, options: ["sheet": "all", "delimiter": "semicolon"])
    XCTAssertEqual(job.json["job"]?["status"]?.string, "completed", job.text)
    XCTAssertEqual(job.json["outputs"]?.array?.count, 1)
    let csv = try server.client.get(server.path(of: job.json["outputs"]?[0]?["download_url"]?.string))
    XCTAssertEqual(csv.text.split(whereSeparator: \.isNewline), ["a;b", "007;2"])
  }

  func testWrongWishes_AreRefusedByName() throws {
    let server = try server()
    for (options, name) in [
      (["sheet": String(repeating: "x", count: 101)], "sheet"), (["delimiter": "ab"], "delimiter"),
      (["encoding": "ebcdic"], "encoding"), (["quality": "4"], "quality"),
    ] {
      let form = options.reduce(MultipartForm.conversion(from: "csv", to: "ods", type: "document")) {
        $0.field("options[\($1.key)]", $1.value)
      }
      let reply = try server.submit(form.file("files[]", "a.csv", Array("a,b\n".utf8)))
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.text.contains("options[\(name)]"), reply.text)
    }
  }

  func testPath_OfAnOfficeDocument_KeepsItsLooks() throws {
    let catalogue = Catalogue(found: try Toolbox.all)
    func path(_ from: Format, _ to: Format) -> [String] {
      (catalogue.path(from: from, to: to, options: ConversionOptions()) ?? []).map(\.maker.name)
    }
    for from in [Format.docx, .odt, .doc, .rtf] { XCTAssertEqual(path(from, .pdf), ["LibreOffice Writer"], from.name) }
    for from in [Format.xlsx, .ods, .xls] { XCTAssertEqual(path(from, .pdf), ["LibreOffice Calc"], from.name) }
    for from in [Format.pptx, .odp, .ppt] { XCTAssertEqual(path(from, .pdf), ["LibreOffice Impress"], from.name) }
    XCTAssertEqual(path(.docx, .odt), ["LibreOffice Writer"])
    XCTAssertEqual(path(.docx, .md), ["built in"])
    XCTAssertEqual(path(.md, .pptx), ["pandoc"])
    XCTAssertEqual(path(.docx, .pptx), [], "slides of a document would hold little of it")
    XCTAssertEqual(path(.epub, .pdf).last, "LibreOffice Writer")
    try XCTSkipIf(path(.pdf, .png).isEmpty, "nobody makes pictures of pdf yet")
    XCTAssertEqual(path(.docx, .png).first, "LibreOffice Writer")
  }
}

extension Toolbox {
  /// As if every program were here.
  fileprivate static var all: Toolbox {
    get throws {
      let programs = Makers.all.compactMap { $0 as? any Tool }.flatMap(\.programs)
      return Toolbox(paths: Dictionary(programs.map { ($0.name, "/usr/bin/\($0.name)") }) { $1 })
    }
  }
}
