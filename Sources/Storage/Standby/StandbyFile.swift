import Basics

/// A file that a generation names, with what its row knows of it.
package struct StandbyFile: Sendable {
  package let blob: String
  package let size: Int64?
  package let sha256: [UInt8]?
  /// True for one that comes in parts: it has at least `size` bytes, and grows at its end.
  package let isGrowing: Bool
  /// Bytes that are here already; what is fetched begins behind them.
  package var offset: Int64 = 0

  /// Every file that a row of the database names.
  ///
  /// Throws `StandbyFailure.damaged` for a name that is none of ours.
  static func each(in database: Database, _ body: (StandbyFile) throws -> Void) throws {
    func take(_ file: StandbyFile) throws {
      guard Blobs.isName(file.blob) else { throw StandbyFailure.damaged("wonder.db") }
      try body(file)
    }
    try NamedFile.each(in: database) {
      try take(StandbyFile(blob: $0.blob, size: $0.size, sha256: $0.sha256, isGrowing: false))
    }
    let growing = try database.all("SELECT blob, received FROM arrivals WHERE blob IS NOT NULL") {
      StandbyFile(blob: $0.text(0), size: $0.integer(1), sha256: nil, isGrowing: true)
    }
    for file in growing { try take(file) }
  }
}
