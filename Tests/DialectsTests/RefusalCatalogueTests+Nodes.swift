import Basics
import Engine
import TestSupport
import XCTest

/// What machines beside a server are refused, which work for it or follow it.
extension RefusalCatalogueTests {
  func nodeCases(_ server: TestServer) throws -> [Case] {
    let token = try XCTUnwrap(server.admin("POST", "/nodes", #"{"name":"refused"}"#).json["node"]?["token"]?.string)
    let fields = [("Authorization", "Bearer \(token)")]
    let nodes = "/nodes/v1"
    return [
      Case(code: "unknown_node", status: 401, words: ["wonder admin node add"]) {
        try server.client.send("DELETE", nodes + "/claims", [("Authorization", "Bearer wn_x")])
      },
      Case(code: "node_not_found", status: 404, words: []) { try server.admin("DELETE", "/nodes/nobody") },
      Case(code: "node_exists", status: 409, words: []) { try server.admin("POST", "/nodes", #"{"name":"refused"}"#) },
      Case(code: "other_version", status: 409, words: ["0.0.1", BuiltProgram.version]) {
        try server.client.send("POST", nodes + "/claims", fields, body: Array(#"{"version":"0.0.1"}"#.utf8))
      },
      Case(code: "order_gone", status: 410, words: ["Nobody waits"]) {
        try server.client.send("GET", nodes + "/orders/none/in-1", fields)
      },
      Case(code: "standby_token_wrong", status: 401, words: ["WONDER_STANDBY_TOKEN"]) { [self] in
        try answer(Refusal.wrongStandbyToken)
      },
      Case(code: "too_many_followers", status: 409, words: ["restart"]) { [self] in
        try answer(Refusal.tooManyFollowers)
      },
      Case(code: "copy_not_found", status: 404, words: []) { [self] in try answer(Refusal.copyGone) },
    ]
  }
}
