import Basics
import Formats
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Conversion

/// Pages that fail, each in words of its own, and after which the next one is made all the same.
final class BrowserFailureTests: XCTestCase {
  private func trial() throws -> BrowserTrial {
    try BrowserTrial { request in
      switch request.path.prefix(while: { $0 != "?" }) {
      case "/gone": .page("<h1>gone</h1>", status: 404)
      case "/broken": .page("<h1>broken</h1>", status: 503)
      case "/empty": .page("<html><body></body></html>")
      case "/file": .status(200, headers: [("Content-Type", "application/pdf")], body: "%PDF-1.4")
      case "/download": .page("<p>x</p>", [("Content-Disposition", "attachment; filename=x.html")])
      case "/round": .status(302, headers: [("Location", "/round")])
      case "/inside": .status(302, headers: [("Location", "http://127.0.0.2/")])
      case "/hang": .hang
      case "/loop": .page("<p>x</p><script>for(;;);</script>")
      case "/later": .page("<p>seen</p><script>setTimeout(()=>{for(;;);},50)</script>")
      case "/ask": .page("<script>alert(1);confirm(2);prompt(3)</script><p>asked</p>")
      case "/windows": .page("<p>one</p><script>for(let i=0;i<200;i++)window.open('/other')</script>")
      case "/restless":
        .page("<p>x</p><script>onload=()=>setTimeout(()=>{location='/restless?'+Math.random()},10)</script>")
      case "/reset": .reset
      case "/vast": .page("<p id=vast style='transform:scale(1e20)'>x</p><p id=broad style='width:1e9px'>x</p>")
      case "/half":
        .page(
          "<p>half</p><iframe></iframe><script>let h='n\\ud800';"
            + "frames[0].name=h;document.body.append(h)</script>")
      default: .page("<p>fine</p>")
      }
    }
  }

  func testEach_HasACodeAndASentence_AndTheNextIsMade() throws {
    let trial = try trial()
    defer { trial.end() }
    let rows: [(path: String, code: ConversionFailure.Code, sentence: String)] = [
      ("/gone", .pageStatus, "the page was not found: its server answered with status 404"),
      ("/broken", .pageStatus, "the page's server answered with status 503"),
      ("/empty", .pageEmpty, "the page is empty"),
      (
        "/file", .pageIsFile,
        "the address leads to a file (application/pdf) and not to a page; files are converted from their own formats"
      ),
      ("/round", .pageFailed, "the page leads to other addresses again and again"),
      ("/inside", .pageUnreachable, "the page's server could not be reached"),
    ]
    for row in rows {
      let failure = trial.failure(row.path)
      XCTAssertEqual(failure?.code, row.code, row.path)
      XCTAssertEqual(failure?.message, row.sentence, row.path)
    }
    XCTAssertEqual(trial.failure("/download")?.code, .pageIsFile)
    XCTAssertTrue(try trial.make("/gone", .html, ["accept_errors": "true"]).text.contains("gone"))
    XCTAssertTrue(try trial.make("/", .html).text.contains("fine"))
  }

  func testSlowPages_EndByTheirTime_OrAreTakenAsTheyAre() throws {
    let trial = try trial()
    defer { trial.end() }
    XCTAssertEqual(
      trial.failure("/hang", .png, ["load_time": "0.5"])?.message, "the page did not finish loading in 0.5 seconds")
    XCTAssertEqual(trial.failure("/loop", .png, ["load_time": "1"])?.code, .pageTimeout)
    XCTAssertTrue(try trial.make("/later", .html).text.contains("seen"))
    XCTAssertTrue(try trial.make("/", .html).text.contains("fine"))
  }

  func testPagesThatAskOrOpenWindows_AreMadeAllTheSame() throws {
    let trial = try trial()
    defer { trial.end() }
    XCTAssertTrue(try trial.make("/ask", .html).text.contains("asked"))
    XCTAssertTrue(try trial.make("/windows", .html).text.contains("one"))
    // Whichever of its documents it is, or none of them.
    do { _ = try trial.make("/restless", .png, timeLimit: .seconds(10)) } catch {
      let code = (error as? ConversionFailure)?.code
      XCTAssertTrue(code == .pageFailed || code == .pageTimeout, "\(error)")
    }
    XCTAssertTrue(try trial.make("/", .html).text.contains("fine"))
  }

  /// What a page says of itself may be anything.
  func testPagesBeyondMeasure_AreTooLarge_AndHalfACharacterIsMade() throws {
    let trial = try trial()
    defer { trial.end() }
    for element in ["#vast", "#broad"] {
      XCTAssertEqual(trial.failure("/vast", .png, ["element": element])?.code, .pageTooLarge, element)
    }
    let browser = try trial.make("/half", .html)
    XCTAssertTrue(browser.text.contains("<p>half</p>"))
    XCTAssertTrue(browser.text.contains("n\u{FFFD}"))
  }

  /// A page that uses up its time says nothing about the browser that others use.
  func testSlowPage_LeavesTheBrowserToOthers() throws {
    let trial = try trial()
    defer { trial.end() }
    XCTAssertTrue(try trial.make("/", .html).text.contains("fine"))
    func browsers() -> Set<pid_t> {
      Set(ProcessTree.descendants(of: getpid()).filter { $0.command.contains("remote-debugging-pipe") }.map(\.process))
    }
    // A browser that takes two seconds to close the page, for the machine has other things to do, is not used again; not
    // every time.
    let stayed = try (0..<5).contains { _ in
      let before = browsers()
      XCTAssertEqual(trial.failure("/hang", .png, timeLimit: .seconds(2))?.code, .pageTimeout)
      XCTAssertTrue(try trial.make("/", .html).text.contains("fine"))
      return before.isSubset(of: browsers())
    }
    XCTAssertTrue(stayed)
  }

  func testPageThatNobodyWants_EndsAtOnce() throws {
    let trial = try trial()
    defer { trial.end() }
    let server = trial.server
    XCTAssertThrowsError(
      try trial.make("/hang", .png, isCanceled: { server.requests.contains { $0.path == "/hang" } })
    ) {
      XCTAssertEqual(($0 as? ConversionFailure)?.code, .canceled)
    }
  }

  /// What a page that was not to blame hears of a browser that dies is that it is made in the next one.
  func testBrowserThatIsKilled_LosesNoPage() throws {
    let seen = Mutex<Set<String>>([])
    let trial = try BrowserTrial { request in
      if request.path.hasPrefix("/victim"), seen.withLock({ $0.insert(request.path).inserted }) {
        for member in ProcessTree.descendants(of: getpid()) where member.command.contains("remote-debugging-pipe") {
          kill(member.process, SIGKILL)
        }
      }
      return .page("<p>\(request.path)</p>")
    }
    defer { trial.end() }
    for number in 0..<4 {
      XCTAssertTrue(try trial.make("/victim-\(number)", .html).text.contains("<p>/victim-\(number)</p>"))
    }
  }

  /// Chromium without the process that its pages are forked from goes on answering, and each of its pages crashes.
  func testBrowserWhosePagesCrash_IsChangedForAnother() throws {
    let trial = try trial()
    defer { trial.end() }
    XCTAssertTrue(try trial.make("/", .html).text.contains("fine"))
    let zygotes = ProcessTree.descendants(of: getpid()).filter { $0.command.contains("--type=zygote") }
    XCTAssertFalse(zygotes.isEmpty)
    for zygote in zygotes { kill(zygote.process, SIGKILL) }
    for _ in 0..<3 { XCTAssertTrue(try trial.make("/", .html).text.contains("fine")) }
  }

  func testBrowserThatDoesNotStart_FailsInWords() throws {
    let directory = try TemporaryDirectory()
    let trial = try BrowserTrial { _ in .status(200) }
    defer { trial.end() }
    let tools = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: Toolbox(paths: ["chromium-headless-shell": "/bin/false"]),
      spool: Spool(path: directory.path), level: .weak, log: .silent)
    let bench = BrowserBench(tools: tools, pool: tools, steps: .standard, addresses: trial.addresses, pages: 1)
    defer { bench.close() }
    let (source, output) = (try TestFile(Array("<p>x</p>".utf8)), try TestFile())
    let offer = try XCTUnwrap(Chromium.all[0].offers.first { $0.from?.contains(.html) ?? false && $0.to == [.pdf] })
    let order = Order(
      step: Step(maker: Chromium.all[0], offer: offer, from: .html, to: .pdf),
      conversion: Conversion(from: .html, to: .pdf),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: .seconds(20),
      mostBytes: 1 << 20)
    XCTAssertThrowsError(try bench.make(order, watch: Watch())) { error in
      XCTAssertEqual((error as? ConversionFailure)?.message, "the browser ended before it began")
    }
    XCTAssertEqual(try Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }, [])
  }
}
