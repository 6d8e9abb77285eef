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
    rows.map { .absent($0.method, $0.path, ConvertlyRefusals.absent($0.what)) }
  }
}
