import Appliance
import Basics
import Foundation
import Synchronization
import TestSupport
import XCTest

/// The manual, the completions and the settings file, made from the lists that the program itself uses.
final class ManualTests: XCTestCase {
  private func output(_ words: String...) -> String {
    let text = Mutex("")
    let console = Console(out: { line in text.withLock { $0 += line + "\n" } }, error: { XCTFail($0) })
    XCTAssertEqual(Commands.run(words, environment: [:], console: console), 0, "\(words)")
    return text.withLock { $0 }
  }

  func testManpages_HaveEveryCommandAndEverySetting() throws {
    let pages = ["wonder", "wonder-admin"].map { output("manpage", $0) }.joined()
    // Each command has its own --help there.
    let commands = output("completion", "fish").split(separator: "\n").filter { $0.contains("-l help -d") }.compactMap {
      $0.split(separator: "'", omittingEmptySubsequences: false).dropFirst(2).first.map { String($0.dropLast()) }
    }
    XCTAssertGreaterThan(commands.count, 40)
    for command in commands {
      let name = command.split(separator: "-").joined(separator: "\\-")
      XCTAssertTrue(pages.contains(".SS \"wonder \(name)"), "\(command)")
    }
    let settings = output("manpage", "wonder.conf")
    for setting in Setting.all { XCTAssertTrue(settings.contains("\\fB\(setting.name)\\fR\n"), setting.name) }
  }

  func testManpages_HaveNoDashThatCannotBePasted() {
    for page in ["wonder", "wonder.conf", "wonder-admin"] {
      XCTAssertNil(output("manpage", page).firstMatch(of: /[^\\]-[a-z]/), page)
    }
  }

  func testSettingsFile_AsItIs_ChangesNothing() throws {
    let file = output("settings", "--file", "--config", "/dev/null")
    let settings = try Settings(file: ("wonder.conf", file))
    for setting in Setting.all {
      XCTAssertEqual(settings.entry(setting).source, .standard, setting.name)
      XCTAssertTrue(file.contains("# \(setting.summary)\n"), setting.name)
    }
  }

  func testSettingsFile_WithEveryLineSwitchedOn_IsValid() throws {
    let file = output("settings", "--file", "--config", "/dev/null").replacing("#WONDER_", with: "WONDER_")
    let settings = try Settings(file: ("wonder.conf", file))
    for setting in Setting.all {
      XCTAssertEqual(settings.entry(setting).source, .file)
      XCTAssertEqual(settings.text(setting), setting.standard)
    }
  }

  func testSettingsFile_KeepsWhatDiffers_ButNoSecret() throws {
    let file = output(
      "settings", "--file", "--config", "/dev/null", "--data", "/var/lib/wonder", "--metrics-token", "hush-hush")
    XCTAssertTrue(file.contains("\nWONDER_DATA=/var/lib/wonder\n"), file)
    XCTAssertFalse(file.contains("hush-hush"), file)
  }

  func testBash_CompletesCommandsOptionsAndValues() throws {
    let directory = try TemporaryDirectory()
    let script = try directory.file("wonder.bash", Array(output("completion", "bash").utf8))
    let cases: [(line: [String], found: String)] = [
      (["se"], "serve settings"), (["admin", "work"], "workspaces workspace"),
      (["admin", "workspace", "sus"], "suspend"),
      (["admin", "workspace", "create", "acme", "--pl"], "--plan"),
      (["--data", "/srv/x", "admin", "queue", ""], "pause resume"), (["serve", "--log", "j"], "json"),
      (["serve", "--public"], "--public-url"), (["completion", ""], "bash zsh fish"),
      (["convert", "--to", "jpg2"], ""), (["convert", "--to", "tgz"], "tgz"),
      (["admin", "jobs", "--status", "fa"], "failed"),
      (["admin", "endpoint", "add", "acme", "--style", "conv"], "convertly"),
      (["admin", "workspace", "set-mail", "acme", "o"], "on off"), (["formats", "jp"], "jpeg"),
      // A value is no operand, and bash takes --option=value for three words.
      (["admin", "workspace", "set-mail", "--json", "--data", "d", "--log=text", "acme", "o"], "on off"),
      (["admin", "jobs", "--status", "=", "fa"], "failed"),
      (["admin", "jobs", "--limit", "=", "5", "--status", "fa"], "failed"),
      (["hash", "-"], "--algorithm --json --help --help-settings"), (["hash", "--lis"], "--listen"),
    ]
    for (line, found) in cases {
      let words = (["wonder"] + line).map { "'\($0)'" }.joined(separator: " ")
      let call = "source \(script); COMP_WORDS=(\(words)); COMP_CWORD=\(line.count); _wonder; echo \"${COMPREPLY[*]}\""
      XCTAssertEqual(try Shell.run("bash", "-c", call).text, found + "\n", "\(line)")
    }
  }

  func testBash_AsksForWorkspacesAndPlans() throws {
    let server = try TestServer()
    let directory = try TemporaryDirectory()
    let script = try directory.file("wonder.bash", Array(output("completion", "bash").utf8))
    for (line, found) in [
      ("admin workspace show ''", "api-workspace"), ("admin workspace set-plan api-workspace f", "free"),
    ] {
      let call =
        "wonder() { '\(BuiltProgram.path)' \"$@\" --data '\(server.dataPath)'; }; source \(script); COMP_WORDS=(wonder \(line)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _wonder; echo \"${COMPREPLY[*]}\""
      let text = try Shell.run("bash", "-c", call).text
      XCTAssertTrue(text.contains(found), text)
    }
  }

  /// The same in fish, where it is installed.
  func testFish_CompletesValuesAndOperandsAfterOptions() throws {
    try XCTSkipUnless(Shell.run("sh", "-c", "command -v fish").code == 0, "fish is not installed")
    let directory = try TemporaryDirectory()
    let script = try directory.file("wonder.fish", Array(output("completion", "fish").utf8))
    for (line, found) in [
      ("admin workspace set-mail --data d --json acme o", "off on"), ("admin jobs --status=fa", "--status=failed"),
      ("hash --algorithm md", "md5"), ("serve --log-level e", "error"),
      ("hash --", "--algorithm --help --help-settings --json"),
    ] {
      let call = "source \(script); complete -C 'wonder \(line)'"
      let text = try Shell.run(
        "sh", "-c", "HOME='\(directory.path)' fish --no-config -c \"\(call)\" | cut -f1 | sort"
      ).text
      XCTAssertEqual(text.split(separator: "\n").joined(separator: " "), found, line)
    }
  }

  /// Scripts that their own shells take.
  func testScripts_AreRead() throws {
    let directory = try TemporaryDirectory()
    for shell in ["bash", "zsh", "fish"] where try Shell.run("sh", "-c", "command -v \(shell)").code == 0 {
      let script = try directory.file("wonder.\(shell)", Array(output("completion", shell).utf8))
      XCTAssertEqual(try Shell.run(shell, "-n", script).code, 0, shell)
    }
  }

  func testCompletion_ForAnUnknownShell_NamesTheKnown() {
    let text = Mutex("")
    let console = Console(out: { _ in }, error: { line in text.withLock { $0 += line } })
    XCTAssertEqual(Commands.run(["completion", "tcsh"], environment: [:], console: console), 2)
    XCTAssertTrue(text.withLock { $0 }.contains("bash, zsh and fish"))
  }
}
