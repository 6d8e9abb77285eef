import Engine
import HTTP

/// What the vendor has and this server does not; its clients show the sentence.
enum ConvertlyAbsences {
  private static let rows: [(method: Method, path: String, what: String)] = [
    (.post, "/api/media/remove-background", "Removing backgrounds"),
    (.post, "/api/video/streams", "Streaming of films"),
    (.get, "/api/video/streams", "Streaming of films"),
    (.get, "/api/video/streams/{stream}", "Streaming of films"),
    (.delete, "/api/video/streams/{stream}", "Streaming of films"),
  ]

  static var routes: [DialectRoute] {
    rows.map { row in
      .absent(row.method, row.path, Refusal("not_available", 403, "\(row.what) is not available on this server."))
    }
  }
}
