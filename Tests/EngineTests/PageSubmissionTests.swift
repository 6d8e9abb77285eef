import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Addresses of pages on their way into a job.
final class PageSubmissionTests: XCTestCase {
  private func submission(_ sources: [Submission.Source], from: String?) -> Submission {
    Submission(
      dialect: "wonder", fields: [], route: "r", conversionType: nil, from: from, to: "pdf", sources: sources,
      mostBytes: 1 << 20)
  }

  func testAddresses_BecomeFiles_WherePagesAreMeant() throws {
    let folder = try TemporaryDirectory()
    let spool = Spool(path: folder.path)
    do {
      let pages = try submission([.address("https://example.com/a", name: nil)], from: "url").puttingPages(into: spool)
      XCTAssertEqual(pages.files.map(\.name), ["example.com-a.url"])
      XCTAssertEqual(try FileTree.names(in: folder.path).count, 1)
    }
    XCTAssertEqual(try FileTree.names(in: folder.path), [], "a file that nobody took is gone")
    let files = try submission([.address("https://example.com/a.png", name: nil)], from: "png").puttingPages(
      into: spool)
    XCTAssertEqual(files.files.count, 0)
    let page = try submission([.page("http://a/", name: "own")], from: nil).puttingPages(into: spool)
    XCTAssertEqual(page.files.map(\.name), ["own"])
    XCTAssertThrowsError(try submission([.page("file:///etc/passwd", name: nil)], from: nil).puttingPages(into: spool))
  }

  func testStrangers_OpenNoPages() {
    for submission in [
      submission([.address("https://a/", name: nil)], from: "url"),
      submission([.page("https://a/", name: nil)], from: nil),
    ] {
      XCTAssertThrowsError(try PublicSubmission.check(submission))
      XCTAssertThrowsError(try VisitorSubmission.check(submission))
    }
  }

  func testNames_TellPagesOfASiteApart() {
    XCTAssertEqual(FileNames.page(at: "https://example.com"), "example.com.url")
    XCTAssertEqual(FileNames.page(at: "https://example.com:8080/a/b%20c?q=1#f"), "example.com-8080-a-b c.url")
    XCTAssertEqual(FileNames.page(at: "https://[::1]/x"), "[--1]-x.url")
  }
}
