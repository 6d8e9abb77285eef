import Engine
import TestSupport

/// What the ways of signing in refuse; how each comes about, their own tests try.
extension RefusalCatalogueTests {
  func signInCases(_ server: TestServer) throws -> [Case] {
    let person = try server.signIn("s@example.com", workspace: "api-workspace", role: "member")
    let admin = "/admin/api/v1"
    return [
      Case(code: "second_factor_required", status: 401, words: ["your app", "written down"]) { [self] in
        try answer(Refusal.secondFactorNeeded)
      },
      Case(code: "wrong_code", status: 401, words: ["30 seconds"]) { [self] in try answer(Refusal.wrongCode) },
      Case(code: "second_factor_on", status: 409, words: ["off first"]) { [self] in
        try answer(Refusal.secondFactorIsOn)
      },
      Case(code: "second_factor_off", status: 409, words: []) {
        try server.admin("DELETE", "/users/s@example.com/second-factor")
      },
      Case(code: "second_factor_own", status: 403, words: ["Your account", "reset-2fa"]) { [self] in
        try answer(Refusal.ownSecondFactor)
      },
      Case(code: "session_not_found", status: 404, words: []) {
        try server.client.send("DELETE", admin + "/sessions/999999", person.headers)
      },
      Case(code: "no_trusted_user", status: 409, words: ["proxy"]) {
        try server.client.send("POST", admin + "/session/proxy", body: [])
      },
      Case(code: "provider_off", status: 409, words: ["provider"]) {
        try server.client.get(admin + "/session/provider")
      },
      Case(code: "provider_failed", status: 502, words: ["log"]) { [self] in try answer(Refusal.providerFailed) },
      Case(code: "sign_on_refused", status: 403, words: ["begin again"]) { [self] in
        try answer(Refusal.signOnRefused)
      },
      Case(code: "address_unverified", status: 403, words: ["email_verified", "administrator"]) { [self] in
        try answer(Refusal.unverifiedAddress)
      },
      Case(code: "account_missing", status: 403, words: ["administrator"]) { [self] in try answer(Refusal.noAccount) },
    ]
  }
}
