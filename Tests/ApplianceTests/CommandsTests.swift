import Appliance
import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

/// Commands are run as a user runs them, and their text and exit code compared.
final class CommandsTests: XCTestCase {
  private struct Result {
    let code: Int32
    let out: String
    let error: String
  }

  private final class Text: Sendable {
    private let lines = Mutex("")
    var all: String { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }
  }

  private func run(_ words: String..., environment: [String: String] = [:]) -> Result {
    let (out, error) = (Text(), Text())
    let code = Commands.run(words, environment: environment, console: Console(out: out.add, error: error.add))
    return Result(code: code, out: out.all, error: error.all)
  }

  func testHelp_ListsTheCommandsButNotTheHiddenOne() {
    let result = run("help")
    XCTAssertEqual(result.code, 0)
    for name in ["serve", "quickstart", "convert", "version"] { XCTAssertTrue(result.out.contains("  \(name)"), name) }
    XCTAssertFalse(result.out.contains("\n  worker"))
    XCTAssertEqual(run().code, 2)
  }

  func testHelp_OfEachCommandHasAnExample() {
    for name in ["serve", "quickstart", "convert", "version"] {
      let result = run(name, "--help")
      XCTAssertEqual(result.code, 0)
      XCTAssertTrue(result.out.contains("examples:\n  "), name)
    }
  }

  func testHelp_OfEveryCommandFitsAScreen() {
    let pages = (run("manpage").out + run("manpage", "wonder-admin").out).replacing("\\-", with: "-")
    let names = Set(pages.matches(of: /\.SS "wonder ([^"\\]+)/).map { String($0.1) })
    XCTAssertGreaterThan(names.count, 40)
    let groups = [["help"], ["help", "admin"], ["help", "admin", "workspace"], ["help", "admin", "endpoint"]]
    for words in groups + names.map({ ["help"] + $0.split(separator: " ").map(String.init) }) {
      let out = Text()
      XCTAssertEqual(
        Commands.run(words, environment: [:], console: Console(out: out.add, error: { XCTFail($0) })), 0, "\(words)")
      let lines = out.all.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      XCTAssertLessThanOrEqual(lines.count, 24, out.all)
      for line in lines { XCTAssertLessThanOrEqual(line.count, 80, String(line)) }
    }
    for words in [["convert", "--help-settings"], ["--help-settings"]] {
      let out = Text()
      XCTAssertEqual(Commands.run(words, environment: [:], console: Console(out: out.add, error: { XCTFail($0) })), 0)
      XCTAssertTrue(out.all.contains("--max-upload VALUE"))
    }
    XCTAssertEqual(run("-V").out, run("version").out)
  }

  func testTypos_AreAnsweredWithTheNearest() {
    for (words, hint) in [
      ("convrt a b", "did you mean convert?"), ("admin workspce create x", "did you mean admin workspace create?"),
      ("jobs", "did you mean admin jobs?"), ("help srve", "did you mean serve?"),
      ("convert a b --qualty 3", "did you mean --quality?"), ("serve --lisen", "did you mean --listen?"),
      ("convrt a b", "unknown command convrt;"), ("admin bogus", "unknown command admin bogus; `wonder help`"),
      ("workspace creat x", "unknown command workspace creat; did you mean admin workspace create?"),
      ("--hlep", "did you mean --help?"),
      ("hlep", "did you mean help?"), ("-x", "unknown option -x; `wonder help`"),
      ("convert -V a b", "unknown option -V (a file"),
      ("admin jobs --status faild", "must be one of incomplete, downloading"),
      ("admin jobs --status faild", "did you mean failed?"), ("hash --algorithm md6 x", "did you mean md5?"),
      ("admin workspace", "admin workspace needs one of these commands"),
      ("--data /nowhere admin jbs", "did you mean admin jobs?"),
    ] {
      let error = Text()
      let console = Console(out: { _ in }, error: error.add)
      XCTAssertEqual(Commands.run(words.split(separator: " ").map(String.init), environment: [:], console: console), 2)
      XCTAssertTrue(error.all.contains(hint), error.all)
    }
  }

  func testStatsWatch_EndsWithThePipe() throws {
    let directory = try TemporaryDirectory()
    XCTAssertEqual(run("quickstart", "--key-only", "--data", directory.path + "/data").code, 0)
    let script = "'\(BuiltProgram.path)' admin stats --watch --data '\(directory.path)/data' | head -n 1"
    XCTAssertEqual(try Shell.run("bash", "-c", script).code, 0)
  }

  func testSettings_MayStandBeforeTheCommand() {
    XCTAssertTrue(run("--data", "/srv/x", "settings").out.contains(/WONDER_DATA +\/srv\/x/))
    XCTAssertTrue(run("--data=/srv/x", "--config", "/dev/null", "settings").out.contains(/WONDER_DATA +\/srv\/x/))
  }

  func testOutputThatCannotBeWritten_IsAFailure() throws {
    for script in ["version > /dev/full", "version >&-", "settings > /dev/full"] {
      let result = try Shell.run("bash", "-c", "'\(BuiltProgram.path)' \(script)")
      XCTAssertEqual(result.code, 1, result.text)
      XCTAssertTrue(result.text.contains("not all of the output could be written"), result.text)
    }
    XCTAssertEqual(try Shell.run("bash", "-c", "'\(BuiltProgram.path)' settings | head -n 1").code, 0)
  }

  func testConvert_WithoutStandardOutput_WritesNothingElseIntoItsFile() throws {
    let directory = try TemporaryDirectory()
    let picture = try directory.file("a.png", SamplePictures.photo)
    let script =
      "cd '\(directory.path)' && W='\(BuiltProgram.path)'; \"$W\" convert a.png b.bmp >/dev/null && "
      + "\"$W\" convert '\(picture)' c.bmp <&- >&-; cmp b.bmp c.bmp"
    let result = try Shell.run("bash", "-c", script)
    XCTAssertEqual(result.code, 0, result.text)
  }

  func testMistakes_EndWith2AndSayWhy() {
    let cases: [([String], String)] = [
      (["frobnicate"], "unknown command frobnicate"), (["serve", "--nope"], "unknown option --nope"),
      (["serve", "--nope", "1"], "unknown option --nope"), (["convert", "a"], "IN and OUT are needed"),
      (["convert", "a", "b", "c"], "--output-dir is needed"), (["convert"], "IN... [OUT] is required"),
      (["convert", "a.png", "b.png", "c.jpg"], "--output-dir is needed"),
      (["convert", "a.png", "b.jpgg"], "\"jpgg\" cannot be made; did you mean jpeg?"),
      (["convert", "a.png", "b"], "b has no ending that says a format"), (["formats", "docxx"], "did you mean docx?"),
      (["convert", "a.png", "b.jpg", "--resize", "axb"], "it must be WxH"),
      (["convert", "a.png", "b.jpg", "--from", "jpgg"], "--from jpgg is no format; did you mean"),
      (["convert", "a.png", "b.png", "--set", "merge=true", "-o", "c.jpg"], "become the pages of a pdf"),
      (["convert", "a.png", "--set", "compare=true", "-o", "c.json"], "exactly two pictures are compared, not 1"),
      (["convert", "a.png", "c.zip", "--watermark", "m.png"], "a watermark goes onto pictures"),
      (["convert", "a.png", "--to", "zip", "--output-dir", "x"], "name it with -o FILE"),
      (["formats", "a", "b"], "too many operands"), (["quickstart", "--key-only=1"], "takes no value"),
      (["serve", "--workers", "many"], "a whole number from 0 to 256"),
    ]
    for (words, text) in cases {
      let error = Text()
      let console = Console(out: { _ in }, error: error.add)
      XCTAssertEqual(Commands.run(words, environment: [:], console: console), 2, words.joined(separator: " "))
      XCTAssertTrue(error.all.contains(text), error.all)
    }
  }

  func testVersion_NamesTheLibraries() {
    let result = run("version")
    XCTAssertEqual(result.code, 0)
    for name in ["wonder 0.", "libpng 1.6", "libjpeg-turbo 2", "zlib 1", "SQLite 3"] {
      XCTAssertTrue(result.out.contains(name), name)
    }
  }

  func testQuickstart_PrintsAWorkingKey() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let result = run("quickstart", "--key-only", "--data", data)
    XCTAssertEqual(result.code, 0)
    XCTAssertNotNil(result.out.wholeMatch(of: /wc_[0-9A-Za-z]{43}\n/), result.out)
    XCTAssertTrue(run("quickstart", "--data", data).out.contains("-F \"files[]=@photo.png\""))
    XCTAssertEqual(run("quickstart", "--plan", "gold", "--data", data).code, 1)
    let store = try Store(path: data)
    defer { store.close() }
    let key = String(result.out.dropLast())
    let holder = try store.read { try Keys.holder(hash: SHA256.digest(key.utf8), in: $0) }
    XCTAssertEqual(holder?.workspace.slug, "demo")
    XCTAssertEqual(holder?.plan.name, "pro")
  }

  func testQuickstart_WhileServing_GivesAKeyThatWorksAtOnce() throws {
    let server = try TestServer()
    let result = run("quickstart", "--key-only", "--data", server.dataPath)
    XCTAssertEqual(result.code, 0, result.error)
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: String(result.out.dropLast())).status, 200)
  }

  func testDataDirectory_NeverHoldsAKey() throws {
    let server = try TestServer()
    _ = try server.submit(.conversion().file("files[]", "p.png", SamplePictures.photo))
    for name in ["wonder.db", "wonder.db-wal"] {
      let bytes = try FileBytes.read(server.dataPath + "/" + name, atMost: 1 << 24)
      XCTAssertNil(bytes.firstRange(of: Array(server.key.utf8)), name)
    }
  }
}
