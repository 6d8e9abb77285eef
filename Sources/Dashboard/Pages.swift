import Engine
package import HTTP
import Storage

/// The pages, from `Resources/web`; everything that they do, they ask the admin API for.
package enum Pages {
  private static let files: [(path: String, file: String, type: String)] = [
    ("/admin", "web/admin.html", "text/html; charset=utf-8"),
    ("/admin/admin.css", "web/admin.css", "text/css; charset=utf-8"),
    ("/admin/admin.js", "web/admin.js", "text/javascript; charset=utf-8"),
  ]

  /// Nothing but our own files, no frame around them, and no word to other sites about where a click came from.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    + "frame-ancestors 'none'"

  /// The routes of all pages, for anybody.
  package static func group(refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    let routes = files.map { path, file, type in
      Route(.get, path) { _ in
        guard let found = EmbeddedFile.find(file) else { throw Refusal.unknownFile }
        return Response(.ok, contentType: type, found.bytes)
          .with(.contentSecurityPolicy, policy).with(.referrerPolicy, "no-referrer").with(.cacheControl, "no-cache")
      }
    }
    return RouteGroup(routes, refuse: refuse)
  }
}
