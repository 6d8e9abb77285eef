/// What of a job is to be stored, too, when it has been made.
package struct StoreWish: Sendable, Equatable {
  /// Nil for no folder.
  package var folderID: Int64?
  package var keepsOutputs: Bool
  /// The files that the job came with.
  package var keepsOriginals: Bool
  /// Why something was not stored.
  package var notice: String?

  package init(folderID: Int64? = nil, keepsOutputs: Bool = true, keepsOriginals: Bool = false) {
    self.folderID = folderID
    self.keepsOutputs = keepsOutputs
    self.keepsOriginals = keepsOriginals
  }
}

/// The table of such wishes; most jobs have none.
package enum StoreWishes {
  package static func insert(_ wish: StoreWish, job: Int64, in database: Database) throws {
    try database.run(
      "INSERT INTO store_wishes (job_id, folder_id, keeps_outputs, keeps_originals) VALUES (?, ?, ?, ?)", job,
      wish.folderID, wish.keepsOutputs, wish.keepsOriginals)
    try Jobs.add(.storesFiles, id: job, in: database)
  }

  /// A job's wish; only a job that has one costs a query.
  package static func find(_ job: Job, in database: Database) throws -> StoreWish? {
    guard job.extras.contains(.storesFiles) else { return nil }
    return try database.first(
      "SELECT folder_id, keeps_outputs, keeps_originals, notice FROM store_wishes WHERE job_id = ?", job.id
    ) { row in
      var wish = StoreWish(
        folderID: row.optionalInteger(0), keepsOutputs: row.flag(1), keepsOriginals: row.flag(2))
      wish.notice = row.optionalText(3)
      return wish
    }
  }

  package static func setNotice(_ notice: String, job: Int64, in database: Database) throws {
    try database.run("UPDATE store_wishes SET notice = ? WHERE job_id = ?", notice, job)
  }
}
