import XCTest

@testable import Basics

final class SettingsTests: XCTestCase {
  func testSources_FlagWinsOverEnvironmentOverFile() throws {
    let file = (
      path: "w.conf", text: "# comment\nWONDER_LISTEN = \"1.1.1.1:1\"\nWONDER_RETENTION=2h\nWONDER_MAX_PIXELS=1M\n"
    )
    let settings = try Settings(
      flags: ["WONDER_LISTEN": "3.3.3.3:3"], environment: ["WONDER_RETENTION": "3h", "HOME": "/"], file: file)
    XCTAssertEqual(settings.text(.listen), "3.3.3.3:3")
    XCTAssertEqual(settings.entry(.listen).source, .flag)
    XCTAssertEqual(settings.span(.retention), .seconds(3 * 3600))
    XCTAssertEqual(settings.number(.maxPixels), 1_000_000)
    XCTAssertEqual(settings.number(.maxUpload), 104_857_600)
    XCTAssertEqual(settings.entry(.maxUpload).source, .standard)
  }

  func testUnknownName_IsRefusedWithItsLineAndTheNearest() {
    XCTAssertThrowsError(try Settings(file: (path: "w.conf", text: "\nWONDER_RETENTON=1h"))) { error in
      XCTAssertEqual(
        "\(error)", "w.conf line 2: unknown setting WONDER_RETENTON; did you mean WONDER_RETENTION?")
    }
  }

  func testBadValues_AreRefusedWithTheValidOnes() {
    let cases = [
      ("WONDER_RETENTION", "soon", "a time from 1m to 365d"), ("WONDER_MAX_UPLOAD", "1XB", "a size from 1KB"),
      ("WONDER_WORKERS", "-1", "a whole number from 0 to 256"), ("WONDER_LOG", "xml", "one of text, json"),
      ("WONDER_PUBLIC_URL", "ftp://x", "an http or https URL"), ("WONDER_MAX_PIXELS", "0", "a number from 1"),
    ]
    for (name, value, expected) in cases {
      XCTAssertThrowsError(try Settings(environment: [name: value]), name) { error in
        XCTAssertTrue("\(error)".contains(expected), "\(error)")
      }
    }
  }

  func testLineWithoutAssignment_IsRefused() {
    XCTAssertThrowsError(try Settings(file: (path: "w.conf", text: "WONDER_LOG=text\nnonsense"))) { error in
      XCTAssertEqual("\(error)", "w.conf line 2: expected NAME=VALUE")
    }
  }

  func testSecret_ComesFromTheFileItNames() throws {
    let secret = Setting("WONDER_TOKEN", .text, "", "a secret", isSecret: true)
    let settings = try Settings(
      known: [secret], environment: ["WONDER_TOKEN_FILE": "/run/token"],
      readFile: { $0 == "/run/token" ? "s3cret\n" : nil })
    XCTAssertEqual(settings.text(secret), "s3cret")
    XCTAssertThrowsError(try Settings(known: [secret], environment: ["WONDER_TOKEN_FILE": "/nowhere"]))
  }

  func testDefaults_AreValidThemselves() {
    for setting in Setting.all {
      XCTAssertNoThrow(try Settings(flags: [setting.name: setting.standard]), setting.name)
    }
  }
}
