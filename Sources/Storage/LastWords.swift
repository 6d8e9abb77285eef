/// The table of what programs of others have printed last that jobs have failed by: for operators, and for no client.
package enum LastWords {
  /// No text is longer, in bytes.
  private static let most = 1024

  /// Takes the end of a longer text; an empty one erases what was there.
  package static func set(_ text: String, job: Int64, in database: Database) throws {
    guard !text.isEmpty else {
      return try database.run("DELETE FROM last_words WHERE job_id = ?", job)
    }
    let end = String(decoding: text.utf8.suffix(most), as: UTF8.self)
    try database.run("INSERT OR REPLACE INTO last_words (job_id, text) VALUES (?, ?)", job, end)
  }

  package static func find(job: Int64, in database: Database) throws -> String? {
    try database.first("SELECT text FROM last_words WHERE job_id = ?", job, row: { $0.text(0) })
  }
}
