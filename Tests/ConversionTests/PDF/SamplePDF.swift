/// A small document made by the tests, of whatever objects they want in it.
struct SamplePDF {
  struct Page {
    var width = 200.0
    var height = 100.0
    var text = ""
    var turn = 0
    /// Entries of the page beside its own.
    var entries = ""
    /// Content before the text.
    var drawing = ""
  }

  var pages: [Page]
  /// Entries of the catalogue and of the document's information.
  var catalogue = ""
  var information = ""
  /// Objects beside the usual ones, from `firstOther` on.
  var others: [String] = []

  /// The number of the first of `others`; the font is 3, and pages with their contents come in pairs after it.
  var firstOther: Int { 5 + 2 * pages.count }

  /// Pages with a word and the number of the page each.
  static func numbered(_ count: Int, _ word: String = "Page", width: Double = 200, height: Double = 100) -> SamplePDF {
    SamplePDF(pages: (1...count).map { Page(width: width, height: height, text: "\(word) \($0)") })
  }

  var bytes: [UInt8] {
    var bytes = Array("%PDF-1.5\n%\u{E2}\u{E3}\n".utf8)
    var places: [Int] = []
    func add(_ body: String) {
      places.append(bytes.count)
      bytes += Array("\(places.count) 0 obj\n\(body)\nendobj\n".utf8)
    }
    add("<< /Type /Catalog /Pages 2 0 R \(catalogue) >>")
    let kids = pages.indices.map { "\(5 + 2 * $0) 0 R" }.joined(separator: " ")
    add("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
    add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    add("<< \(information) >>")
    for (index, page) in pages.enumerated() {
      add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(page.width) \(page.height)] /Rotate \(page.turn) "
          + "/Contents \(6 + 2 * index) 0 R \(page.entries.contains("/Resources") ? "" : "/Resources << /Font << /F 3 0 R >> >>") "
          + "\(page.entries) >>")
      let content = "\(page.drawing)\nBT /F 18 Tf 20 40 Td (\(page.text)) Tj ET"
      add("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    }
    for other in others { add(other) }
    let table = bytes.count
    bytes += Array("xref\n0 \(places.count + 1)\n0000000000 65535 f \n".utf8)
    for place in places {
      let digits = String(place)
      bytes += Array("\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n".utf8)
    }
    bytes += Array(
      "trailer\n<< /Size \(places.count + 1) /Root 1 0 R /Info 4 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    return bytes
  }
}

extension SamplePDF {
  /// A page that shows two grey pictures, one of them twice.
  static var withPictures: SamplePDF {
    var document = SamplePDF(pages: [
      Page(
        entries: "/Resources << /Font << /F 3 0 R >> /XObject << /A 9 0 R /B 10 0 R >> >>",
        drawing: "q 50 0 0 50 10 10 cm /A Do Q q 50 0 0 50 70 10 cm /B Do Q"),
      Page(
        entries: "/Resources << /Font << /F 3 0 R >> /XObject << /A 9 0 R >> >>",
        drawing: "q 50 0 0 50 10 10 cm /A Do Q"),
    ])
    document.others = [(4, "0180"), (8, "ff00")].map { side, samples in
      let data = String(repeating: samples, count: side * side / 2) + ">"
      return "<< /Type /XObject /Subtype /Image /Width \(side) /Height \(side) /BitsPerComponent 8 "
        + "/ColorSpace /DeviceGray /Filter /ASCIIHexDecode /Length \(data.utf8.count) >>\nstream\n\(data)\nendstream"
    }
    return document
  }

  /// One page with a large picture of noise, which makes a file of nearly `side` squared bytes.
  static func withNoise(side: Int) -> SamplePDF {
    var document = SamplePDF(pages: [
      Page(
        width: 400, height: 400, text: "noise",
        entries: "/Resources << /Font << /F 3 0 R >> /XObject << /A 7 0 R >> >>",
        drawing: "q 400 0 0 400 0 0 cm /A Do Q")
    ])
    var state: UInt32 = 1
    var data = ""
    for _ in 0..<side * side {
      state = state &* 1_664_525 &+ 1_013_904_223
      data += String(0x100 + (state >> 24), radix: 16).dropFirst()
    }
    data += ">"
    document.others = [
      "<< /Type /XObject /Subtype /Image /Width \(side) /Height \(side) /BitsPerComponent 8 /ColorSpace /DeviceGray "
        + "/Filter /ASCIIHexDecode /Length \(data.utf8.count) >>\nstream\n\(data)\nendstream"
    ]
    return document
  }
}
