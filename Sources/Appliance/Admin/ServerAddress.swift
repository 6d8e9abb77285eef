import Basics
import Dashboard
import HTTP

/// Where clients reach the server, for commands that print links.
enum ServerAddress {
  /// The address of the running server, else the one that the settings give it; without a slash at its end.
  static func base(_ client: AdminClient, _ settings: Settings) throws -> String {
    let server = try client.ask("GET", AdminAPI.prefix + "/server")["server"]
    var configured = server?["public_url"]?.string ?? settings.text(.publicURL)
    while configured.hasSuffix("/") { configured.removeLast() }
    if !configured.isEmpty { return configured }
    return "http://" + ListenAddress.openable(server?["addresses"]?[0]?.string ?? settings.text(.listen))
  }

  /// A link for one use; the token stands behind a #, so that no log of a server on the way has it.
  static func link(_ base: String, _ purpose: String, _ token: String) -> String { "\(base)/admin#\(purpose)=\(token)" }
}
