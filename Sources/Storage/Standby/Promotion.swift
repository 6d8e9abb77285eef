import Basics
import Glibc

/// Makes an ordinary data directory of a stand-by's.
package enum Promotion {
  /// How many numbers of rows are left out: those that the first server has given since the copy must not be given again, for
  /// clients know jobs and files by them.
  private static let gap: Int64 = 1_000_000

  /// Looks whether every file is there and ends the following; gives what was held.
  ///
  /// `lacking` true goes on where files are missing. Throws `StandbyFailure`, or `StoreFailure.inUse` while somebody follows.
  package static func run(_ path: String, lacking: Bool) throws -> StandbyRecord {
    guard let record = try StandbyRecord.read(path) else { throw StandbyFailure.notAStandby(path: path) }
    guard record.held != nil else { throw StandbyFailure.nothingHeld(path: path) }
    let directory = try DataDirectory(path: path, follows: true)
    defer { directory.close() }
    let problems = try problems(directory)
    guard lacking || problems.isEmpty else { throw StandbyFailure.incomplete(problems) }
    try leaveGap(directory.databasePath)
    try FileTree.remove(directory.standbyPath)
    try FileBytes.sync(path)
    directory.markClosed()
    return record
  }

  private static func problems(_ directory: DataDirectory) throws -> [String] {
    try StandbyCopy.reading(directory.databasePath) { database in
      var problems = try database.quickCheck().map { "wonder.db: \($0)" }
      try StandbyFile.each(in: database) { file in
        let path = "\(directory.filesPath)/\(file.blob.prefix(2))/\(file.blob)"
        guard try FileTree.exists(path) else {
          // What still came in parts can be sent again.
          if !file.isGrowing { problems.append("\(file.blob), which a job names, is missing") }
          return
        }
        let size = try FileBytes.size(path)
        if !(file.size.map { file.isGrowing ? size >= $0 : size == $0 } ?? true) {
          problems.append("\(file.blob) is not what its job recorded")
        }
      }
      return problems
    }
  }

  private static func leaveGap(_ path: String) throws {
    let database = try Database(path: path, mode: .writing)
    try database.transaction {
      try database.run(
        """
        INSERT INTO sqlite_sequence (name, seq)
        SELECT name, 0
        FROM sqlite_schema
        WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)
        """)
      try database.run("UPDATE sqlite_sequence SET seq = seq + ?", gap)
    }
    database.close(foldsLog: true)
  }
}
