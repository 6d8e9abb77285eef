import Engine
import HTTP

/// What the vendor has and this server does not; its clients show the sentence.
enum ConvertlyAbsences {
  private static let rows: [(methods: [Method], path: String, what: String)] = [
    ([.post], "/api/media/remove-background", "Removing backgrounds"),
    ([.get, .post], "/api/video/streams", "Streaming of films"),
    ([.get, .patch, .delete], "/api/video/streams/{stream}", "Streaming of films"),
    ([.post, .delete], "/api/video/streams/{stream}/captions", "Streaming of films"),
    ([.put, .delete], "/api/video/streams/{stream}/chapters", "Streaming of films"),
    ([.post], "/api/video/streams/{stream}/poster", "Streaming of films"),
    ([.get], "/api/video/streams/{stream}/thumbnails", "Streaming of films"),
    ([.post], "/api/files/{id}/ai-tags", "Tagging by a model"),
    ([.get, .post], "/api/library/taxonomy/terms", "The library's taxonomy"),
    ([.patch, .delete], "/api/library/taxonomy/terms/{term}", "The library's taxonomy"),
    ([.post], "/api/cdn/image", "The image CDN"),
  ]

  static var routes: [DialectRoute] {
    rows.flatMap { row in
      row.methods.map { method in
        // Whoever has no key hears that first, as everywhere.
        DialectRoute(method, row.path, .read, needing: []) { _, _ in throw ConvertlyRefusals.absent(row.what) }
      }
    }
  }
}
