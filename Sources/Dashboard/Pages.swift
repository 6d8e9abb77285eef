import Basics
import Engine
package import HTTP
import Storage

/// The pages, from `Resources/web`; everything that they do, they ask the APIs for.
package enum Pages {
  /// Where the pages are; every file of the folder that is no page is at its own path below `/web`.
  private static let addresses: [(path: String, file: String)] = [
    ("/", "web/index.html"), ("/docs", "web/docs.html"), ("/admin", "web/admin.html"),
    ("/favicon.ico", "web/favicon.svg"), ("/openapi.json", "openapi.json"),
  ]

  private static let types: [(ending: String, type: String)] = [
    (".html", "text/html; charset=utf-8"), (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"), (".svg", "image/svg+xml"), (".json", "application/json"),
  ]

  /// Nothing but our own files, pictures of files that are about to be sent, no frame around them, and no word to other
  /// sites about where a click came from.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

  /// Makes the absolute link to a path for the client of a request.
  package typealias Link = @Sendable (String, Request) -> String

  private static let description = "/openapi.json"

  /// The routes of all pages, for anybody.
  package static func group(link: @escaping Link, refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    RouteGroup(
      places.map {
        Route(.get, $0.path, $0.path == description ? describing(link, handler($0.file)) : handler($0.file))
      }
        + addresses.filter { $0.file.hasSuffix(".html") && $0.path != "/" }.map(withSlash), refuse: refuse)
  }

  /// A page is at its address without a slash at the end; whoever adds one is led there, behind any proxy.
  private static func withSlash(_ page: (path: String, file: String)) -> Route {
    Route(.get, page.path + "/") { _ in
      Response(.permanentRedirect, headers: Headers([(.location, ".." + page.path)]))
    }
  }

  /// The description of the API, with the address of this server where it stands below a path.
  private static func describing(_ link: @escaping Link, _ plain: @escaping Route.Handler) -> Route.Handler {
    let text = EmbeddedFile.find("openapi.json").map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    let here = "\"url\": \"/\""
    return { request in
      guard !request.prefix.text.isEmpty, let place = text.firstRange(of: here) else { return try await plain(request) }
      let address = JSONValue.string(link("", request)).text
      let bytes = Array((text[..<place.lowerBound] + "\"url\": \(address)" + text[place.upperBound...]).utf8)
      return Response(.ok, contentType: "application/json", bytes).with(.cacheControl, "no-cache")
    }
  }

  /// What is at which address, for the test that compares them with the description of the API.
  package static var paths: [String] { places.map(\.path) }

  private static var places: [(path: String, file: String)] {
    let others = EmbeddedFile.all.map(\.path).filter { $0.hasPrefix("web/") && !$0.hasSuffix(".html") }
    return addresses + others.map { ("/" + $0, $0) }
  }

  /// Answers with a file, or with 304 to whoever has it already.
  private static func handler(_ name: String) -> Route.Handler {
    let type = types.first { name.hasSuffix($0.ending) }?.type ?? "text/plain; charset=utf-8"
    let bytes = EmbeddedFile.find(name)?.bytes
    let tag = "\"\(Hexadecimal.encode(SHA256.digest(bytes ?? []).prefix(8)))\""
    return { request in
      guard let bytes else { throw Refusal.unknownFile }
      let isKnown = request.headers[.ifNoneMatch] == tag
      let response = isKnown ? Response(.notModified) : Response(.ok, contentType: type, bytes)
      return response.with(.contentSecurityPolicy, policy).with(.referrerPolicy, "no-referrer")
        .with(.cacheControl, "no-cache").with(.etag, tag)
    }
  }
}
