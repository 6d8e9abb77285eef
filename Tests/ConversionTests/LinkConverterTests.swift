import Basics
import Conversion
import Formats
import XCTest

final class LinkConverterTests: XCTestCase {
  private let site = "https://example.org/dir/page?q=1"

  private func convert(
    _ text: String, base: String? = nil, from: Format = .html, options: [String: String] = ["links": "true"]
  ) throws -> (json: JSONValue, text: String, warnings: [ConversionWarning]) {
    let (source, output) = (try TestFile(Array(text.utf8)), try TestFile())
    var options = options
    if let base { options["base"] = base }
    let outcome = try Catalogue.standard.convert(
      Conversion(from: from, to: .json, options: try ConversionOptions(options)), limits: ConversionLimits(),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
    XCTAssertEqual(outcome.size, Int64(output.bytes.count))
    let text = String(decoding: output.bytes, as: UTF8.self)
    return (try JSONReader.parse(output.bytes), text, outcome.warnings)
  }

  /// Kind, address and text of each link.
  private func links(_ page: String, base: String? = "https://example.org/dir/page?q=1") throws -> [[String]] {
    try XCTUnwrap(convert(page, base: base).json["links"]?.array).map { link in
      ["kind", "address", "text"].map { link[$0]?.string ?? "?" }
    }
  }

  private func addresses(_ page: String, base: String? = "https://example.org/dir/page?q=1") throws -> [String] {
    try links(page, base: base).map { $0[1] }
  }

  private func failure(_ text: String, from: Format?, _ options: [String: String]) -> ConversionFailure? {
    do {
      let (source, output) = (try TestFile(Array(text.utf8)), try TestFile())
      _ = try Catalogue.standard.convert(
        Conversion(from: from, to: .json, options: try ConversionOptions(options)), limits: ConversionLimits(),
        files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
      return nil
    } catch {
      return error as? ConversionFailure
    }
  }

  func testPage_SaysAllOfItselfInTheOrderOfTheList() throws {
    let page = """
      <!DOCTYPE html><html><head><title> A  page </title><link rel="Canonical" href="/c"><meta name=ROBOTS
      content="NoIndex, nofollow,noindex"><meta http-equiv=Refresh content="5; URL='next.html'"></head>
      <body><a rel="NoFollow me" href="../up#here">One <b>way</b></a></body></html>
      """
    let expected =
      #"{"title":"A page","base":"https://example.org/dir/page?q=1","canonical":"https://example.org/c","#
      + #""robots":["noindex","nofollow"],"refresh":"https://example.org/dir/next.html","links":["#
      + #"{"address":"https://example.org/c","text":"","rel":["canonical"],"kind":"link"},"#
      + #"{"address":"https://example.org/up#here","text":"One way","rel":["nofollow","me"],"kind":"a"}]}"# + "\n"
    XCTAssertEqual(try convert(page, base: site).text, expected)
    let nothing = #"{"title":null,"base":null,"canonical":null,"robots":[],"refresh":null,"links":[]}"# + "\n"
    XCTAssertEqual(try convert("<p>").text, nothing)
  }

  func testLinks_AreOfEveryKindInTheirOrder() throws {
    let page = """
      <a href=1></a><map><area href=2 alt="An area"></map><link href=3><iframe src=4 title=Frame>x</iframe>
      <img src=5 alt="A  picture"><script src=6></script><form action=7></form><picture><source srcset="8 1x, 9,, 10 2x">
      </picture><video src=11><source src=12></video><audio src=13></audio><a name=no></a><img src=""><embed src=no>
      """
    let expected = [
      ("a", ""), ("area", "An area"), ("link", ""), ("iframe", "Frame"), ("img", "A picture"), ("script", ""),
      ("form", ""), ("source", ""), ("source", ""), ("source", ""), ("video", ""), ("source", ""), ("audio", ""),
    ].enumerated().map { [$1.0, "https://example.org/dir/\($0 + 1)", $1.1] }
    XCTAssertEqual(try links(page), expected)
  }

  func testLinks_OfOneKindAndAddress_AreToldOnce() throws {
    XCTAssertEqual(
      try links("<a href=a></a><a href=./a>Text</a><a href='/dir/a'>More</a><img src=a><a href=a#b>c</a>"),
      [
        ["a", "https://example.org/dir/a", "Text"], ["img", "https://example.org/dir/a", ""],
        ["a", "https://example.org/dir/a#b", "c"],
      ])
  }

  func testTexts_AreWhatAReaderSees() throws {
    func text(_ inside: String, _ more: String = "") throws -> String? {
      try links("<a href=x \(more)>\(inside)</a>").first?[2]
    }
    XCTAssertEqual(try text(" a\n <i>b</i>c <br>d<script>e</script>"), "a bc d")
    XCTAssertEqual(try text("<div>a</div><div>b</div>"), "a b")
    XCTAssertEqual(try text("<img src=i alt='Home  page'>"), "Home page")
    XCTAssertEqual(try text("", "title='A title'"), "A title")
    XCTAssertEqual(try text("a", "title='A title'"), "a")
    XCTAssertEqual(try text(String(repeating: "\u{1F600}", count: 300)), String(repeating: "\u{1F600}", count: 200))
    XCTAssertEqual(try text(String(repeating: "a ", count: 300))?.utf8.count, 199)
    XCTAssertEqual(
      try links("<a href=1>a<table><tr><td><a href=2>b</a></table>c</a>").map { $0[2] }, ["a b c", "b"])
  }

  func testAddresses_AreWholeAndInOneForm() throws {
    let table = [
      ("?y", "https://example.org/dir/page?y"), ("#s", "https://example.org/dir/page?q=1#s"),
      ("//Other.example:443/x", "https://other.example/x"), ("/../g", "https://example.org/g"),
      (" \tg\n ", "https://example.org/dir/g"), ("g&#10;h", "https://example.org/dir/gh"),
      ("HTTP://A:80/./b", "http://a/b"), ("gr\u{FC}n?\u{DF}#\u{E9}", "https://example.org/dir/gr%C3%BCn?%C3%9F#%C3%A9"),
      ("\\a", "https://example.org/a"), ("", "https://example.org/dir/page?q=1"),
      ("mailto:a@b.c?subject=x y", "mailto:a@b.c?subject=x y"), ("tel:+1", "tel:+1"),
      ("JavaScript:void(0)", "JavaScript:void(0)"), ("data:,a", "data:,a"),
      ("https://m\u{FC}ller.example", "https://xn--mller-kva.example"),
    ]
    for (written, expected) in table {
      XCTAssertEqual(try addresses("<a href='\(written)'>x</a>"), [expected], written)
    }
    XCTAssertEqual(try addresses("<a href='http://'>x</a><a href='//'>y</a>"), ["http://"])
    let long = try addresses("<a href='data:\(String(repeating: "\u{E9}", count: 2000))'>x</a>")
    XCTAssertEqual(long.first?.utf8.count, 2047)
  }

  func testAddresses_WithoutABase_StayRelative() throws {
    let page = "<a href='../a b'>x</a><a href='http://c/./d'>y</a><a href=''>z</a><a href='?q'></a>"
    XCTAssertEqual(try addresses(page, base: nil), ["../a%20b", "http://c/d", "?q"])
    XCTAssertEqual(try convert("<base href=/b/><a href=c>", base: nil).json["base"], .null)
  }

  func testBase_OfThePage_GoesBeforeTheOneThatIsGiven() throws {
    func base(_ page: String, _ given: String? = "https://example.org/dir/page?q=1") throws -> String? {
      try convert(page, base: given).json["base"]?.string
    }
    XCTAssertEqual(try base("<base href='../other/#x'>"), "https://example.org/other/")
    XCTAssertEqual(try base("<base target=_top><base href=a/><base href=b/>"), "https://example.org/dir/a/")
    XCTAssertEqual(try base("<base href='http://Other.example/'>", nil), "http://other.example/")
    for bad in ["javascript:x", "data:,x", "http://", "x" + String(repeating: "y", count: 5000)] {
      XCTAssertEqual(try base("<base href='\(bad)'>"), site, bad)
    }
    XCTAssertEqual(try addresses("<a href=x>a</a><base href=/b/>"), ["https://example.org/b/x"])
    XCTAssertEqual(try base("<p>", "HTTP://A.example:80"), "http://a.example")
  }

  func testBase_HasToBeAnAddressOfTheWeb() {
    for text in ["/a", "ftp://a/", "http://", "http://a/\u{7}", "http://a/" + String(repeating: "b", count: 2048), ""] {
      XCTAssertThrowsError(try ConversionOptions(["base": text]), text)
    }
  }

  func testRefresh_IsReadAsBrowsersDo() throws {
    let table: [(String, String?)] = [
      ("0;url=a", "/a"), (" 5 , a", "/a"), ("1.5; url = \"a\"b", "/a"), ("5 url", "/url"), ("0;URL='a b", "/a%20b"),
      ("5", nil), ("", nil), (";url=a", nil), ("5;", nil), ("5x;url=a", nil), ("0; url=", nil),
    ]
    for (content, expected) in table {
      let found = try convert(
        "<meta http-equiv=refresh content='\(content.replacing("'", with: "&#39;"))'>", base: "http://x/")
      XCTAssertEqual(found.json["refresh"]?.string, expected.map { "http://x" + $0 }, content)
    }
  }

  func testTemplates_HaveNoLinks_ButShadowTreesDo() throws {
    XCTAssertEqual(try addresses("<template><a href=1>a</a></template><a href=2>b</a>", base: nil), ["2"])
    XCTAssertEqual(
      try addresses("<div><template shadowrootmode=open><a href=1>a</a></template></div>", base: nil), ["1"])
    XCTAssertEqual(
      try addresses("<noscript><a href=1>a</a></noscript><svg><a href=2>b</a></svg>", base: nil), ["1", "2"])
  }

  func testLinks_BeyondTheLimit_AreLeftOutWithAWarning() throws {
    let page = (0..<10_001).map { "<a href=\($0)>x</a>" }.joined()
    let found = try convert(page)
    XCTAssertEqual(found.json["links"]?.array?.count, 10_000)
    XCTAssertEqual(found.warnings, [.linksLeftOut])
    XCTAssertEqual(try convert("<a href=a><a href=b>").warnings, [])
    let long = try convert("<a href='/\(String(repeating: "b", count: 9000))'>x</a>")
    XCTAssertEqual(long.json["links"]?.array?.count, 0)
    XCTAssertEqual(long.warnings, [.linksLeftOut])
  }

  func testPages_OfMuchThatIsTheSame_TakeTimeLinearInThem() throws {
    let base = "http://a/" + String(repeating: "b/", count: 1000)
    let nested = String(repeating: "<a href=x><table><tr><td>", count: 5_000)
    XCTAssertEqual(try convert(nested, base: base).json["links"]?.array?.count, 1)
    let same = String(repeating: "<a href=x>y</a>", count: 60_000)
    XCTAssertEqual(try convert(same, base: site).warnings, [.linksLeftOut])
  }

  func testLinks_HaveToBeAskedForWhereNothingElseIsMade() throws {
    let problem = Catalogue.standard.problem(Conversion(from: .html, to: .json), sources: 1, hasOverlay: false)
    XCTAssertEqual(problem?.option, "links")
    XCTAssertEqual(problem?.text, "has to be true for json, which nothing else makes of html")
    XCTAssertEqual(failure("<html><a href=x>", from: .html, [:])?.code, .unsupportedConversion)
    XCTAssertEqual(failure("<html>", from: .html, ["compact": "true", "links": "true"])?.code, .unsupportedConversion)
    XCTAssertEqual(
      try convert("<html><a>b</a></html>", from: .xml, options: ["compact": "true"]).text, #"{"html":{"a":"b"}}"#)
  }
}
