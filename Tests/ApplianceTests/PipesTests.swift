import Foundation
import Glibc
import TestSupport
import XCTest

/// Files that come and go through pipes, links and devices, as a shell has them.
final class PipesTests: XCTestCase {
  private func run(in folder: TemporaryDirectory, _ script: String) throws -> (code: Int32, text: String) {
    try Data(SamplePictures.photo).write(to: URL(fileURLWithPath: folder.path + "/plain.png"))
    let result = try Shell.run(
      "bash", "-c", "cd '\(folder.path)' && wonder() { '\(BuiltProgram.path)' \"$@\"; } && \(script)")
    return (result.code, result.text)
  }

  private func isJPEG(_ folder: TemporaryDirectory, _ name: String) -> Bool {
    (try? Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)))?.starts(with: [0xFF, 0xD8, 0xFF]) ?? false
  }

  func testPipes_AreReadAndWritten() throws {
    let folder = try TemporaryDirectory()
    let scripts = [
      "cat plain.png | wonder convert - --to jpg -o - > out.jpg", "wonder convert <(cat plain.png) out.jpg",
      "cat plain.png | wonder convert /dev/stdin --to jpg -o /dev/stdout > out.jpg",
      "mkfifo fifo && (cat fifo > out.jpg & wonder convert plain.png fifo --to jpg && wait) && test -p fifo",
      "ln -s /proc/self/fd/1 stdout && wonder convert plain.png stdout --to jpg 2>/dev/null | head -c -0 > out.jpg && test -L stdout",
      ": > real.jpg && ln -s real.jpg link.jpg && wonder convert plain.png link.jpg && test -L link.jpg && cp real.jpg out.jpg",
      "ln -s new.jpg dangling.jpg && wonder convert plain.png dangling.jpg && test -L dangling.jpg && cp new.jpg out.jpg",
    ]
    for script in scripts {
      unlink(folder.path + "/out.jpg")
      let result = try run(in: folder, script)
      XCTAssertEqual(result.code, 0, "\(script): \(result.text)")
      XCTAssertTrue(isJPEG(folder, "out.jpg"), script)
    }
  }

  /// What only the first of several steps understands is found by the format of the file, whatever way it comes.
  func testOptionsOfAFirstStep_NeedNoFrom() throws {
    let folder = try TemporaryDirectory()
    let script = """
      printf 'a;b\\n1;2\\n' > t.csv
      wonder convert t.csv one.md --set header=false && mkfifo f.csv && (cat t.csv > f.csv &) &&
        wonder convert f.csv two.md --set header=false && test -s two.md &&
        wonder convert t.csv t.csv --output-dir more --to md --set delimiter=';' && grep -q '| a *| b *|' more/t.md && test -s one.md || exit 9
      wonder convert plain.png no.jpg --set header=false
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 2, result.text)
    XCTAssertTrue(result.text.contains("header: is not understood"), result.text)
  }

  /// Not a pipe's matter, but the shell's: warnings go to standard error, and the file is there.
  func testDamageThatTouchesNoPixel_IsAWarningOnStandardError() throws {
    let folder = try TemporaryDirectory()
    let cut = "head -c -12 plain.png > cut.png"
    let result = try run(in: folder, "\(cut) && wonder convert cut.png out.jpg 2>&1 >/dev/null")
    XCTAssertEqual(result.code, 0, result.text)
    XCTAssertTrue(
      result.text.hasPrefix("wonder convert: cut.png: warning: the file ends without its end mark"), result.text)
    XCTAssertTrue(isJPEG(folder, "out.jpg"))
    let json = try run(in: folder, "\(cut) && wonder convert cut.png out.jpg --json 2>/dev/null")
    XCTAssertTrue(json.text.contains(#""warnings":["end_missing"]"#), json.text)
  }

  func testStandardInput_IsHashedAndInspected() throws {
    let folder = try TemporaryDirectory()
    let sums = try run(in: folder, "cat plain.png | wonder hash - | cut -c1-64; sha256sum plain.png | cut -c1-64")
    let lines = sums.text.split(separator: "\n")
    XCTAssertEqual(lines.count, 2)
    XCTAssertEqual(lines.first, lines.last)
    XCTAssertEqual(try run(in: folder, "cat plain.png | wonder inspect - | grep -q width").code, 0)
  }

  func testDevice_IsWrittenToAndStays() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can make a device")
    let folder = try TemporaryDirectory()
    let result = try run(
      in: folder,
      "mknod null c 1 3 && wonder convert plain.png null --to jpg && wonder convert plain.png -o null --to zip && test -c null"
    )
    try XCTSkipIf(result.text.contains("mknod"), "this machine lets nobody make a device")
    XCTAssertEqual(result.code, 0, result.text)
  }

  func testFailedConversion_LeavesWhatWasThere() throws {
    let folder = try TemporaryDirectory()
    let result = try run(
      in: folder,
      "echo old > a.jpg; ln -s a.jpg l.jpg; head -c 500 plain.png | wonder convert - l.jpg; cat a.jpg; ls *.wonder-new")
    XCTAssertTrue(result.text.contains("\nold\n"), result.text)
    XCTAssertFalse(result.text.contains("wonder-new\n") && !result.text.contains("cannot access"), result.text)
  }

  /// What lies there is somebody else's, or leads to it.
  func testWhatHasTheNameOfAFileInTheMaking_IsNeitherFollowedNorWrittenTo() throws {
    let folder = try TemporaryDirectory()
    let script = """
      echo precious > v; ln -s v a.jpg.wonder-new; echo left > a.jpg.wonder-new-2; wonder convert plain.png a.jpg \
        && test -L a.jpg.wonder-new && test ! -L a.jpg && cp a.jpg out.jpg && cat v a.jpg.wonder-new-2
      """
    let result = try run(in: folder, script)
    XCTAssertEqual(result.code, 0, result.text)
    XCTAssertTrue(result.text.hasSuffix("precious\nleft\n"), result.text)
    XCTAssertTrue(isJPEG(folder, "out.jpg"))
  }

  func testBackup_TakesThePlaceOfFilesAlone() throws {
    let folder = try TemporaryDirectory()
    let data = "wonder quickstart --key-only --data data > key"
    for target in ["-", "/dev/stdout", "fifo"] {
      let result = try run(in: folder, "\(data); mkfifo fifo 2>/dev/null; wonder admin backup \(target) --data data")
      XCTAssertEqual(result.code, 2, result.text)
      XCTAssertEqual(try run(in: folder, "test -p fifo && test ! -e -").code, 0, target)
    }
    let script = "echo old > b.tar; ln -s b.tar l.tar; wonder admin backup l.tar --data data && test -L l.tar"
    let linked = try run(in: folder, script + " && tar tf b.tar")
    XCTAssertEqual(linked.code, 0, linked.text)
  }

  func testOverwrittenFile_KeepsItsOwnerAndMode() throws {
    let folder = try TemporaryDirectory()
    let result = try run(
      in: folder,
      "echo old > a.jpg; chmod 640 a.jpg; chown 1:1 a.jpg 2>/dev/null; stat -c '%a %u %g' a.jpg > before; wonder convert plain.png a.jpg && stat -c '%a %u %g' a.jpg | cmp - before"
    )
    XCTAssertEqual(result.code, 0, result.text)
    XCTAssertTrue(isJPEG(folder, "a.jpg"))
  }

  func testAFolder_TakesWhatIsMade_AndIsNamedAsItIs() throws {
    let script = """
      mkdir d; wonder convert plain.png d --to jpg; wonder convert plain.png -o d/ --to bmp; ls d
      wonder convert plain.png d; echo $?; wonder convert plain.png none/x.jpg; echo $?; ls
      echo a,b > t.csv; wonder inspect t.csv
      """
    let result = try run(in: TemporaryDirectory(), script)
    XCTAssertTrue(result.text.contains("plain.bmp\nplain.jpg\n"), result.text)
    XCTAssertTrue(result.text.contains("png has no files in it; --to FORMAT makes one"), result.text)
    XCTAssertTrue(result.text.contains("open none/x.jpg: No such file or directory\n1\n"), result.text)
    XCTAssertTrue(result.text.contains("which is no picture"), result.text)
  }

  func testInput_IsWrittenOverOnlyByForce() throws {
    let folder = try TemporaryDirectory()
    for script in [
      "wonder convert plain.png plain.png", "ln -sf plain.png l.png; wonder convert plain.png l.png",
      "cp plain.png b.jpg.png; cp plain.png b.jpg; wonder convert --to png --output-dir . plain.png",
      "cp plain.png o.png; wonder convert plain.png --watermark o.png -o o.png",
    ] {
      let result = try run(in: folder, script)
      XCTAssertEqual(result.code, 1, "\(script): \(result.text)")
      XCTAssertTrue(result.text.contains("is an input, too; --force writes over it"), result.text)
      XCTAssertEqual(try run(in: folder, "\(script) --force").code, 0, script)
    }
  }
}
