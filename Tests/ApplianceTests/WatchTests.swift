import Foundation
import Glibc
import TestSupport
import XCTest

/// Folders whose files are converted without a server, by the real program.
final class WatchTests: XCTestCase {
  private func run(in folder: TemporaryDirectory, _ script: String) throws -> (code: Int32, text: String) {
    try Data(SamplePictures.photo).write(to: URL(fileURLWithPath: folder.path + "/plain.png"))
    let result = try Shell.run(
      "bash", "-c", "cd '\(folder.path)' && mkdir -p in && wonder() { '\(BuiltProgram.path)' \"$@\"; } && \(script)")
    return (result.code, result.text)
  }

  func testRules_SendEachFileItsWay_AndWhatFailsAside() throws {
    let folder = try TemporaryDirectory()
    let rules = """
      # a comment
      preset web quality=70 width=20
      *.png -> jpg preset=web quality=60
      "a b.csv" -> json
      *.csv -> md header=false
      """
    let script = """
      cp plain.png in/A.PNG; cp plain.png in/.hidden.png; cp plain.png in/half.part; cp plain.png in/other.xyz
      printf 'a,b\\n1,2\\n' > 'in/a b.csv'; head -c 60 plain.png > in/bad.png; cp 'in/a b.csv' in/c.csv; ln -s ../plain.png in/link.png
      printf '%s\\n' '\(rules)' > r.conf; wonder watch in --rules r.conf --once; echo code $?
      test -f in/converted/A.jpg && test -f in/done/A.PNG && test -f 'in/converted/a b.json' && test -f in/converted/c.md && test -f in/failed/bad.png &&
      grep -q damaged in/failed/bad.png.txt && test -f in/.hidden.png && test -f in/half.part && test -f in/other.xyz &&
      test -L in/link.png && wonder inspect in/converted/A.jpg | grep -q '"width": *20'
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 0, result.text)
    XCTAssertTrue(result.text.contains("code 1"), result.text)
    XCTAssertTrue(result.text.contains("other.xyz: no rule fits, so it stays"), result.text)
  }

  func testNames_AreKept_AndNothingIsReplaced() throws {
    let folder = try TemporaryDirectory()
    let script = """
      for n in $'caf\\xe9.png' '-rf.png' $'two\\nlines.png'; do
        for round in 1 2; do cp -- plain.png "in/$n"; wonder watch in --to jpg --once >/dev/null || exit 9; done
        test -f "in/done/$n" && test -f "in/done/${n%.png}-2.png" || exit 8
      done
      test "$(find in/converted -name '*.jpg' -print0 | tr -dc '\\0' | wc -c)" = 6 && test -z "$(ls -A in/converted/.wonder-watch)"
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 0, result.text)
  }

  func testRules_ThatAreWrong_NameTheirLine() throws {
    let folder = try TemporaryDirectory()
    for (line, words) in [
      ("*.png jpg", "line 2: it must be PATTERN -> FORMAT"), ("*.png -> jpgg", "jpgg cannot be made"),
      ("*.png -> jpg qualty=3", "did you mean quality?"), ("*.png -> jpg preset=none", "there is no preset none"),
      ("'*.png -> jpg", "a quote is not closed"),
    ] {
      let result = try run(in: folder, "printf '\\n%s\\n' \"\(line)\" > r.conf; wonder watch in --rules r.conf --once")
      XCTAssertEqual(result.code, 2, result.text)
      XCTAssertTrue(result.text.contains(words), result.text)
    }
    let places = try run(in: folder, "wonder watch in --to jpg --output-dir \"$PWD/in\" --once")
    XCTAssertTrue(places.text.contains("is the watched folder itself"), places.text)
  }

  /// However often it is killed, each file is converted once and none is lost.
  func testKills_LoseNothingAndDoNothingTwice() throws {
    let folder = try TemporaryDirectory()
    let script = """
      for i in {1..40}; do cp plain.png in/k$i.png; done
      for delay in 0.02 0.05 0.03 0.08 0.04 0.06 0.1 0.05 0.07 0.12 0.09 0.05; do
        '\(BuiltProgram.path)' watch in --to jpg --once >/dev/null 2>&1 & killed=$!
        sleep $delay; kill -KILL $killed; wait $killed
      done
      wonder watch in --to jpg --once >/dev/null || exit 9
      test "$(ls in/done | wc -l)" = 40 && test "$(ls in/converted | wc -l)" = 40 && test -z "$(ls in/failed)" &&
      test -z "$(ls -A in/converted/.wonder-watch)" && ! ls in/converted | grep -q -- -
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 0, result.text)
  }

  /// What an earlier process had finished and not delivered is delivered, and its source not converted again.
  func testReadyResult_IsDeliveredByTheNextStart() throws {
    let folder = try TemporaryDirectory()
    let script = """
      cp plain.png in/a.png; mkdir -p in/converted/.wonder-watch
      word=$(printf 'a.png\\0' | sha256sum | cut -c1-16)-$(stat -c %i in/a.png)-$(stat -c %s in/a.png)
      time=$(stat -c %.Y in/a.png | python3 -c 'import sys; s, n = sys.stdin.read().split("."); print(s + "." + str(int(n.strip())))')
      mkdir "in/converted/.wonder-watch/$word-$time.ready" && echo made > "in/converted/.wonder-watch/$word-$time.ready/a.jpg"
      mkdir in/converted/.wonder-watch/other && echo half > in/converted/.wonder-watch/other/b.jpg
      wonder watch in --to jpg --once >/dev/null || exit 9
      test -f in/done/a.png && test ! -e in/a.png && test "$(ls in/converted)" = a.jpg && test -z "$(ls -A in/converted/.wonder-watch)"
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 0, result.text)
  }

  func testDroppedFiles_AreTakenWhenWhole_AndInterruptEndsInOrder() throws {
    let folder = try TemporaryDirectory()
    let script = """
      mkfifo said; '\(BuiltProgram.path)' watch in --to jpg >said & process=$!
      exec 3<said; cp plain.png moved.png
      until test -d in/converted/.wonder-watch; do :; done
      exec 4>in/slow.png; head -c 60 plain.png >&4; mv moved.png in/moved.png
      read -r first <&3; tail -c +61 plain.png >&4; exec 4>&-; read -r second <&3
      kill -INT $process; wait $process; echo "code $?"; echo "$first"; echo "$second"
      """
    let result = try run(in: folder, script)
    XCTAssertTrue(result.text.contains("code 0"), result.text)
    XCTAssertTrue(result.text.contains("\nin/moved.png -> in/converted/moved.jpg: "), result.text)
    XCTAssertTrue(result.text.contains("\nin/slow.png -> in/converted/slow.jpg: "), result.text)
  }

  func testAFileThatIsWrittenAnewWhileItWaits_IsTakenWhenThatIsDone() throws {
    let folder = try TemporaryDirectory()
    let script = """
      for i in {10..49}; do cp plain.png in/a$i.png; done; cp plain.png in/b.png; cp plain.png c.png
      mkfifo said; '\(BuiltProgram.path)' watch in --to jpg --at-once 1 --settle 100ms >said & process=$!
      trap 'kill $process 2>/dev/null' EXIT
      exec 3<said; read -r -t 60 line <&3; exec 4>in/b.png; head -c 60 plain.png >&4; mv c.png in/c.png
      until [[ $line == in/c.png* ]]; do read -r -t 60 line <&3 || exit 9; done
      test -f in/b.png && test ! -e in/failed/b.png || exit 8
      tail -c +61 plain.png >&4; exec 4>&-; read -r -t 60 line <&3; echo "$line"
      kill -INT $process; wait $process; test -f in/done/b.png
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 0, result.text)
    XCTAssertTrue(result.text.contains("in/b.png -> in/converted/b.jpg: "), result.text)
  }

  func testAFileThatIsOpenedToOthersLate_IsTakenThen() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can act as somebody else")
    let folder = try TemporaryDirectory()
    chmod(folder.path, 0o755)
    let script = """
      as="setpriv --reuid=65534 --regid=65534 --clear-groups env WONDER_ENGINES=none"
      $as '\(BuiltProgram.path)' version >/dev/null 2>&1 || { echo skip; exit 0; }
      chown 65534 in; install -m 600 plain.png in/never.png
      $as '\(BuiltProgram.path)' watch in --to jpg --once; echo code $?
      mkfifo out; $as '\(BuiltProgram.path)' watch in --to jpg --settle 100ms >out 2>&1 & watch=$!; exec 3<out
      read -t 20 line <&3; install -m 600 plain.png in/late.png; read -t 20 line <&3; echo "$line"
      chmod 644 in/late.png; read -t 20 line <&3; echo "$line"; kill $watch; wait $watch
      """
    let result = try run(in: folder, script)
    try XCTSkipIf(result.text.contains("skip"), "another user cannot run the built program")
    XCTAssertTrue(result.text.contains("never.png: this user may not read it, so it stays\ncode 1"), result.text)
    XCTAssertTrue(result.text.contains("in/late.png -> in/converted/late.jpg"), result.text)
  }

  func testSecondProcess_IsToldThatTheFolderIsWatched() throws {
    let folder = try TemporaryDirectory()
    let result = try run(in: folder, "exec 5<in; flock 5; wonder watch in --to jpg --once")
    XCTAssertEqual(result.code, 2, result.text)
    XCTAssertTrue(result.text.contains("another process watches in"), result.text)
  }
}
