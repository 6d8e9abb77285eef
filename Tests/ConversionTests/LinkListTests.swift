import Basics
import Conversion
import Formats
import XCTest

final class LinkListTests: XCTestCase {
  private func outcome(
    _ bytes: [UInt8], from: Format?, _ options: [String: String] = [:]
  ) throws -> (text: String, warnings: [ConversionWarning]) {
    let (source, output) = (try TestFile(bytes), try TestFile())
    let asked = try ConversionOptions(options.merging(["links": "true"]) { first, _ in first })
    let outcome = try Catalogue.standard.convert(
      Conversion(from: from, to: .json, options: asked), limits: ConversionLimits(),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor))
    return (String(decoding: output.bytes, as: UTF8.self), outcome.warnings)
  }

  private func list(_ text: String, from: Format? = .xml, _ options: [String: String] = [:]) throws -> String {
    try outcome(Array(text.utf8), from: from, options).text
  }

  private func failure(_ text: String, from: Format = .xml) -> ConversionFailure? {
    do {
      XCTFail("made \(try list(text, from: from))")
      return nil
    } catch {
      return error as? ConversionFailure
    }
  }

  func testSitemap_IsItsAddressesWithTheirDates() throws {
    let text = """
      \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
      <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc> http://Example.org/a?b=1&amp;c=2 </loc><lastmod>2024-05-06</lastmod>
          <image:image><image:loc>http://example.org/i.png</image:loc></image:image></url>
        <url><image:image><image:loc>http://example.org/j.png</image:loc></image:image></url>
        <url><lastmod> </lastmod><loc><![CDATA[http://example.org/]]>b<!-- c -->&#x64;</loc></url>
        <url><loc>/relative</loc></url><loc>http://example.org/no</loc>
      </urlset>
      """
    XCTAssertEqual(
      try list(text),
      #"{"kind":"urlset","addresses":[{"address":"http://example.org/a?b=1&c=2","modified":"2024-05-06"},"#
        + #"{"address":"http://example.org/bd","modified":null}]}"# + "\n")
  }

  func testIndex_OfSitemapsWithAnyPrefix() throws {
    let text = """
      <s:sitemapindex xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:sitemap><s:loc>https://a/1.xml</s:loc>
      <s:lastmod>2024-01-01T00:00:00Z</s:lastmod></s:sitemap></s:sitemapindex>
      """
    XCTAssertEqual(
      try list(text),
      #"{"kind":"index","addresses":[{"address":"https://a/1.xml","modified":"2024-01-01T00:00:00Z"}]}"# + "\n")
  }

  func testFeeds_AreTheLinksOfTheirItems() throws {
    let rss = """
      <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>http://a/</link><item>
      <atom:link href="http://a/self"/><link>http://a/1</link><guid>http://a/g</guid><pubDate>Mon, 06 May 2024</pubDate></item>
      <item><guid>http://a/2</guid></item><item><title>none</title></item></channel></rss>
      """
    XCTAssertEqual(
      try list(rss),
      #"{"kind":"feed","addresses":[{"address":"http://a/1","modified":"Mon, 06 May 2024"},"#
        + #"{"address":"http://a/2","modified":null}]}"# + "\n")
    let atom = """
      <feed xmlns="http://www.w3.org/2005/Atom"><link href="http://a/"/><entry><link rel="self" href="http://a/s"/>
      <link rel="alternate" href="1"/><link href="2"/><published>2023</published><updated>2024</updated></entry>
      <entry><link href="http://b/3"/><source><link href="http://c/"/></source></entry></feed>
      """
    XCTAssertEqual(
      try list(atom, ["base": "http://a/feed"]),
      #"{"kind":"feed","addresses":[{"address":"http://a/1","modified":"2024"},"#
        + #"{"address":"http://b/3","modified":null}]}"# + "\n")
    let rdf = """
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>
      <link>http://a/</link></channel><item><link>http://a/1</link></item></rdf:RDF>
      """
    XCTAssertEqual(try list(rdf), #"{"kind":"feed","addresses":[{"address":"http://a/1","modified":null}]}"# + "\n")
  }

  func testOtherDocuments_AreRefusedInASentence() {
    let other = failure("<?xml version='1.0'?><note><loc>http://a/</loc></note>")
    XCTAssertEqual(other?.code, .unsupportedConversion)
    XCTAssertEqual(
      other?.message,
      "XML to JSON is not possible: the document is no sitemap (urlset, sitemapindex) and no feed (rss, rdf, feed)")
    XCTAssertEqual(failure("<urlset><url></urlset>")?.code, .damagedFile)
    XCTAssertEqual(failure("no address\n/here\n", from: .txt)?.code, .unsupportedConversion)
  }

  func testText_IsAnAddressInALine() throws {
    let expected =
      #"{"kind":"text","addresses":[{"address":"http://a/","modified":null},{"address":"https://b/c%20d","modified":null}]}"#
      + "\n"
    XCTAssertEqual(try list("\u{FEFF}http://A/\r\n\r\n  https://b/c d\t\nftp://c/\nnone", from: .txt), expected)
    XCTAssertEqual(try list("http://A/\rhttps://b/c d", from: nil), expected)
    let wide = Array("\u{FEFF}http://a/\nhttps://b/c d".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    XCTAssertEqual(try outcome(wide, from: .txt).text, expected)
  }

  func testDocument_WithoutADeclaration_IsReadAsOneAlthoughItIsTakenForText() throws {
    let text = "<urlset><url><loc>http://a/</loc></url></urlset>"
    XCTAssertEqual(
      try list(text, from: nil), #"{"kind":"urlset","addresses":[{"address":"http://a/","modified":null}]}"# + "\n")
  }

  func testAddresses_BeyondTheLimit_AreLeftOutWithAWarning() throws {
    let urls = (0..<50_001).map { "<url><loc>http://a/\($0)</loc></url>" }.joined()
    let found = try outcome(Array("<urlset>\(urls)</urlset>".utf8), from: .xml)
    XCTAssertEqual(found.warnings, [.linksLeftOut])
    XCTAssertEqual(try JSONReader.parse(found.text.utf8)["addresses"]?.array?.count, 50_000)
    let long = "<urlset><url><loc>http://a/\(String(repeating: "b", count: 9000))</loc></url></urlset>"
    XCTAssertEqual(try outcome(Array(long.utf8), from: .xml).warnings, [.linksLeftOut])
  }

  /// What is not asked for changes nothing of what a file is taken for.
  func testSource_OfAText_IsAPageOrAListOnlyWhereLinksAreAskedFor() throws {
    let catalogue = Catalogue.standard
    let (text, page) = (Sniffer.type(of: Array("a,b\n1,2\n".utf8)), Sniffer.type(of: Array("<html><p>".utf8)))
    let asked = try ConversionOptions(["links": "true"])
    XCTAssertEqual(catalogue.source(text, to: .json), .csv)
    XCTAssertEqual(catalogue.source(text, to: .json, options: asked), .txt)
    XCTAssertEqual(catalogue.source(page, to: .json), .xml)
    XCTAssertEqual(catalogue.source(page, to: .json, options: asked), .html)
  }
}
