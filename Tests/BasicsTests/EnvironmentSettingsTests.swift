import XCTest

@testable import Basics

/// The environment is shared with others, so what stands in it is judged more mildly than a line of a file.
final class EnvironmentSettingsTests: XCTestCase {
  func testUnknownName_IsAWarningInTheEnvironmentAndAnErrorElsewhere() throws {
    let settings = try Settings(environment: ["WONDER_RETENTON": "1h", "WONDER_LOG": "json"])
    XCTAssertEqual(
      settings.warnings,
      ["environment: unknown setting WONDER_RETENTON; did you mean WONDER_RETENTION?; it has no effect"])
    XCTAssertEqual(settings.text(.log), "json")
    XCTAssertThrowsError(try Settings(file: (path: "w.conf", text: "WONDER_RETENTON=1h")))
    XCTAssertThrowsError(try Settings(flags: ["WONDER_RETENTON": "1h"]))
  }

  func testHint_IsTheSameInEveryRun() throws {
    let known = ["WONDER_AB", "WONDER_AC", "WONDER_AD"].map { Setting($0, .text, "", "") }
    for names in [known, known.reversed()] {
      let settings = try Settings(known: names, environment: ["WONDER_AX": "1"])
      XCTAssertTrue(settings.warnings[0].contains("did you mean WONDER_AB?"), settings.warnings[0])
    }
  }

  func testServiceVariables_ArePassedOver() throws {
    let service = [
      "WONDER_SERVICE_HOST": "10.0.0.7", "WONDER_SERVICE_PORT": "80", "WONDER_SERVICE_PORT_HTTP": "80",
      "WONDER_PORT": "tcp://10.0.0.7:80", "WONDER_PORT_80_TCP": "tcp://10.0.0.7:80", "WONDER_PORT_80_TCP_PROTO": "tcp",
      "WONDER_PORT_80_TCP_PORT": "80", "WONDER_PORT_80_TCP_ADDR": "10.0.0.7", "WONDER_NAME": "/web/wonder",
      "WONDER_ENV_PATH": "/bin", "WONDER_API_SERVICE_HOST": "10.0.0.8", "WONDER_API_PORT_9_UDP": "udp://10.0.0.8:9",
    ]
    XCTAssertEqual(try Settings(environment: service).warnings, [])
    // The same name with a value that a person would write is a mistake.
    XCTAssertEqual(try Settings(environment: ["WONDER_PORT": "9000"]).warnings.count, 1)
  }
}
