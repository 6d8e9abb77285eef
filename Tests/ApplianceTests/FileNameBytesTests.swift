import Foundation
import Glibc
import TestSupport
import XCTest

/// Files on the command line whose names are whatever a file system allows.
final class FileNameBytesTests: XCTestCase {
  private func run(in folder: TemporaryDirectory, _ script: String) throws -> (code: Int32, text: String) {
    try Data(SamplePictures.photo).write(to: URL(fileURLWithPath: folder.path + "/plain.png"))
    let result = try Shell.run(
      "bash", "-c", "cd '\(folder.path)' && wonder() { '\(BuiltProgram.path)' \"$@\"; } && \(script)")
    return (result.code, result.text)
  }

  /// Names as bash writes them.
  private static let names = [
    #"$'caf\xe9.png'"#, #"$'\xff\xfe.png'"#, #"$'\xe3\x83.png'"#, #"$'\xf4\x8f\xbe\x80.png'"#, #"$'two\nlines.png'"#,
    #"$'tab\t.png'"#, #"$'\e[31mred.png'"#, #"$'\x01\x7f.png'"#, "./-rf.png", "./--to.png", #"'a b  c.png'"#,
    #"'a[1]*?.png'"#, #"$'quote\x27s\x22.png'"#, "'文字.png'", #"$'\u202egnp.png'"#, "...png", #"'back\slash.png'"#,
    "'$(id).png'", "'%s%n.png'", #""$(printf 'x%.0s' {1..251}).png""#, #""$(printf '\xe9%.0s' {1..251}).png""#,
  ]

  func testAnyName_IsReadAndWrittenAsItStands() throws {
    for name in Self.names {
      let folder = try TemporaryDirectory()
      let script = """
        in=\(name); out=${in%.png}.jpg
        cp -- plain.png "$in" &&
        wonder convert "$in" "$out" >said && wonder convert "$in" -o "$out" --to jpg >>said &&
        head -c 2 -- "$out" | od -An -tx1 | grep -q 'ff d8' &&
        wonder hash "$in" | grep -q "^$(sha256sum <plain.png | cut -c1-64)  " &&
        wonder hash --json "$in" | python3 -c 'import json, sys, os; [row] = json.load(sys.stdin); assert os.fsencode(row["file"]) == os.fsencode(sys.argv[1]), row' "$in" &&
        wonder inspect "$in" >/dev/null && wonder compare "$in" plain.png --difference "$out" >/dev/null &&
        test "$(wc -l <said)" = 2 && test -z "$(find . -name '*wonder-new')" && ! LC_ALL=C grep -qP '[\\x00-\\x09\\x0b-\\x1f\\x7f]' said
        """
      let result = try run(in: folder, script)
      XCTAssertEqual(result.code, 0, "\(name): \(result.text)")
    }
  }

  func testMissingFile_IsNamedInOneLineThatDrivesNoTerminal() throws {
    let folder = try TemporaryDirectory()
    for (name, shown) in [
      (#"$'caf\xe9.png'"#, #"caf\udce9.png"#), (#"$'a\nb.png'"#, #"a\u000ab.png"#),
      (#"$'\e[2J.png'"#, #"\u001b[2J.png"#),
    ] {
      let words = ["convert \(name) o.jpg", "hash \(name)", "inspect \(name)", "compare \(name) plain.png"]
      for word in words {
        let result = try run(in: folder, "wonder \(word)")
        XCTAssertEqual(result.code, 1, result.text)
        XCTAssertTrue(result.text.contains("open \(shown): No such file or directory"), result.text)
        XCTAssertEqual(result.text.split(separator: "\n").count, 1, result.text)
      }
    }
  }

  func testOutputFolder_GetsTheNamesWithTheirBytes() throws {
    let folder = try TemporaryDirectory()
    let script = #"""
      a=$'caf\xe9.png'; b=$'caf\xe8.png'; c=$'CAF\xe9.png'; d=$'d\xffir'; cp plain.png "$a"; cp plain.png "$b"; cp plain.png "$c"
      wonder convert --to jpg --output-dir "$d" "$a" "$b" "$c" ./plain.png 2>/dev/null >/dev/null &&
      test -f "$d"/$'caf\xe9.jpg' && test -f "$d"/$'caf\xe8.jpg' && test -f "$d"/$'CAF\xe9-2.jpg' && test -f "$d/plain.jpg" &&
      wonder convert --to jpg --output-dir two 'caf*.png' >/dev/null 2>&1 && test -f two/$'caf\xe9.jpg' && test -f two/$'caf\xe8.jpg' &&
      wonder convert "$a" "$b" -o $'\xff.zip' >/dev/null &&
      python3 -c 'import zipfile; print(sorted(zipfile.ZipFile(b"\xff.zip".decode("utf-8", "surrogateescape")).namelist()) == ["caf\ufffd-2.png", "caf\ufffd.png"])'
      """#
    let result = try run(in: folder, script)
    XCTAssertEqual(result.text, "True\n")
  }

  func testEmptyAndImpossibleNames_AreRefusedInASentence() throws {
    let folder = try TemporaryDirectory()
    let cases = [
      ("convert '' o.jpg", 2, "the name of a file is empty"),
      ("convert plain.png ''", 2, "the name of a file is empty"),
      ("convert plain.png -o ''", 2, "the name of a file is empty"), ("hash ''", 1, "the name of a file is empty"),
      ("convert plain.png --to jpg --output-dir ''", 2, "the name of a file is empty"),
      ("convert \"$(printf 'x%.0s' {1..300}).png\" o.jpg", 1, "File name too long"),
      ("convert plain.png \"$(printf 'x%.0s' {1..300}).jpg\"", 1, "File name too long"),
      ("convert plain.png \"$(printf 'd/%.0s' {1..3000})o.jpg\"", 1, "File name too long"),
      ("convert -rf.png o.jpg", 2, "unknown option -rf.png (a file of that name is ./-rf.png)"),
      ("convert . o.jpg", 1, "Is a directory"),
      ("convert plain.png /dev/full --to jpg", 1, "No space left on device"),
      (#"convert plain.png o.jpg --set $'text=\xff'"#, 2, "is not UTF-8"),
      (#"admin workspace show $'\xff' --data d"#, 2, "is not UTF-8"), (#"serve --data $'\xff'"#, 2, "is not UTF-8"),
      (#"admin backup $'\xff' --data d"#, 2, "is not UTF-8"),
    ]
    for (words, code, sentence) in cases {
      let result = try run(in: folder, "wonder \(words)")
      XCTAssertEqual(result.code, Int32(code), "\(words): \(result.text)")
      XCTAssertTrue(result.text.contains(sentence), "\(words): \(result.text)")
    }
    let environment = try run(in: folder, #"WONDER_DATA=$'\xff' wonder settings"#)
    XCTAssertEqual(environment.code, 2)
    XCTAssertTrue(environment.text.contains("the value of WONDER_DATA is not UTF-8"), environment.text)
    let dashes = try run(in: folder, "cp plain.png ./-rf.png && wonder convert -- -rf.png -o.jpg && test -f ./-o.jpg")
    XCTAssertEqual(dashes.code, 0, dashes.text)
  }
}
