import Engine
import HTTP

/// Version 2 of the vendor's API, which is not here; the vendor's library takes 402 for something that the plan lacks, and
/// shows the sentence.
enum EnconvertAbsences {
  private static let rows: [(method: Method, path: String, what: String)] = [
    (.post, "/v2/perceive", "Perceiving pages"),
    (.get, "/v2/perceive/{operation}", "Perceiving pages"),
    (.post, "/v2/perceive/batch", "Perceiving pages in batches"),
    (.get, "/v2/perceive/batch/{job}", "Perceiving pages in batches"),
    (.post, "/v2/discover", "Discovery of addresses"),
    (.post, "/v2/lookup", "Search in the web"),
    (.post, "/v2/distill", "Extraction by a language model"),
    (.post, "/v2/ingest", "Ingestion"),
    (.post, "/v2/ingest/files", "Ingestion of files"),
    (.get, "/v2/ingest", "Ingestion"),
    (.get, "/v2/ingest/{job}", "Ingestion"),
    (.delete, "/v2/ingest/{job}", "Ingestion"),
    (.post, "/v2/ingest/{job}/retry-webhook", "Ingestion"),
    (.get, "/v2/ingest/webhook-secret", "Ingestion"),
    (.post, "/v2/ingest/webhook-secret/rotate", "Ingestion"),
    (.post, "/v2/watch", "Watching pages"),
    (.get, "/v2/watch", "Watching pages"),
    (.get, "/v2/watch/{watcher}", "Watching pages"),
    (.patch, "/v2/watch/{watcher}", "Watching pages"),
    (.delete, "/v2/watch/{watcher}", "Watching pages"),
    (.get, "/v2/watch/{watcher}/snapshots", "Watching pages"),
  ]

  static var routes: [DialectRoute] {
    rows.map { row in
      .absent(row.method, row.path, Refusal("not_on_this_server", 402, "\(row.what) is not available on this server."))
    }
  }
}
