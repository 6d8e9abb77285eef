import Basics
import TestSupport
import XCTest

/// The webhook secret of a key can be read again, by those who manage its workspace.
final class KeySecretTests: XCTestCase {
  func testSecret_IsTheOneThatWasShownWithTheKey() throws {
    let server = try TestServer()
    let issued = try server.admin("POST", "/keys", #"{"workspace":"api-workspace","prefix":"kp_"}"#).json["key"]
    let id = issued?["id"]?.integer ?? 0
    XCTAssertEqual(
      try server.admin("GET", "/keys/\(id)/webhook-secret").json["webhook_secret"], issued?["webhook_secret"])
    XCTAssertEqual(try server.admin("GET", "/keys/999/webhook-secret").json["code"]?.string, "key_not_found")
    XCTAssertFalse(try server.admin("GET", "/keys").text.contains("whsec_"), "no listing has a secret")
    let printed = try Shell.run(
      BuiltProgram.path, "admin", "key", "webhook-secret", "\(id)", "--data", server.dataPath)
    XCTAssertEqual(printed.text, (issued?["webhook_secret"]?.string ?? "") + "\n")
  }
}
