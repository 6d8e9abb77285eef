package import HTTP

/// The address in front of every absolute link.
package struct PublicAddress: Sendable {
  private let configured: String

  /// Takes WONDER_PUBLIC_URL, with a path where the server stands below one, or an empty text to use the host that each request names.
  package init(configured: String) {
    var text = configured
    while text.hasSuffix("/") { text.removeLast() }
    self.configured = text
  }

  /// The link to a path, for the client of this request.
  package func link(_ path: String, for request: Request) -> String { home(for: request) + path }

  /// What each link begins with, for the client of this request.
  package func home(for request: Request) -> String {
    configured.isEmpty ? "\(request.scheme)://\(request.host)\(request.prefix.text)" : configured
  }
}
