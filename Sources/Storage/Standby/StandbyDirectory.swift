package import Basics
import Glibc

/// The data directory of a stand-by: one generation is in force, which is a database with all files that it names, and the
/// next one comes beside it.
///
/// Files have names that are never used again, so both generations share them: the next one's are put in place first, then its
/// database takes the other's name, then what nobody names any more goes. A kill leaves one or the other.
package final class StandbyDirectory {
  package let directory: DataDirectory
  package private(set) var record: StandbyRecord
  /// What is in place, and how long it is.
  private var sizes: [String: Int64] = [:]
  /// Those of them that came in parts, and so were never compared with a sum.
  private var grown: Set<String> = []

  /// Where the next database is fetched to, and files before they are put in place.
  package var spoolPath: String { directory.spoolPath }
  package var nextPath: String { spoolPath + "/wonder.db" }

  /// Takes a directory that is empty or missing, or that follows already.
  ///
  /// Throws `StandbyFailure`, and `StoreFailure.inUse` when another process has it.
  package init(path: String, from: String) throws {
    let found = try FileTree.exists(path) ? Set(FileTree.names(in: path)) : []
    let known = try StandbyRecord.read(path)
    guard known != nil || found.isSubset(of: ["lost+found", "lock"]) else { throw StandbyFailure.notEmpty(path: path) }
    directory = try DataDirectory(path: path, follows: true)
    record = known ?? StandbyRecord(from: from)
    record.from = from
    // Before anything else is put there, so that no server takes it for its own.
    try record.write(path)
    try Blobs.makeDirectories(directory.filesPath)
    for folder in try FileTree.names(in: directory.filesPath) where Hexadecimal.decode(folder)?.count == 1 {
      for blob in try FileTree.names(in: directory.filesPath + "/" + folder) {
        sizes[blob] = try FileBytes.size(self.path(blob))
      }
    }
    try dropUnsynced()
  }

  package func close() { directory.close() }

  private func path(_ blob: String) -> String { "\(directory.filesPath)/\(blob.prefix(2))/\(blob)" }

  /// Of a file that grows, what the generation in force does not count on may be anything after a loss of power.
  private func dropUnsynced() throws {
    guard record.held != nil else { return }
    try StandbyCopy.reading(directory.databasePath) { database in
      try StandbyFile.each(in: database) { file in
        guard file.isGrowing, let size = file.size, let here = sizes[file.blob] else { return }
        grown.insert(file.blob)
        if here > size { try cut(file.blob, to: size) }
      }
    }
  }

  private func cut(_ blob: String, to size: Int64) throws {
    try check("truncate", path(blob)) { truncate(path(blob), off_t(size)) }
    sizes[blob] = size
  }

  /// Compares the database that was fetched with what was announced of it; throws `StandbyFailure.damaged`.
  package func checkNext(sha256: String) throws {
    guard try Hexadecimal.encode(StandbyCopy.digest(nextPath)) == sha256 else {
      throw StandbyFailure.damaged("wonder.db")
    }
  }

  /// The files of the next generation that are not here; the database is at `nextPath`, or else the one in force.
  package func missing() throws -> [StandbyFile] {
    var missing: [StandbyFile] = []
    let isNext = try FileTree.exists(nextPath)
    try StandbyCopy.reading(isNext ? nextPath : directory.databasePath) { database in
      let application = try database.first("PRAGMA application_id", row: { $0.integer(0) })
      guard application == Database.applicationID else { throw StandbyFailure.damaged("wonder.db") }
      try StandbyFile.each(in: database) { file in
        if let file = try lacks(file) { missing.append(file) }
      }
    }
    return missing
  }

  private func lacks(_ file: StandbyFile) throws -> StandbyFile? {
    guard let here = sizes[file.blob] else { return file }
    var file = file
    if file.isGrowing {
      file.offset = here
      return here < file.size ?? 0 ? file : nil
    }
    guard here == file.size ?? here else { return file }
    guard grown.contains(file.blob) else { return nil }
    guard let sha256 = file.sha256, try StandbyCopy.digest(path(file.blob)) == sha256 else { return file }
    grown.remove(file.blob)
    return nil
  }

  /// Throws `StandbyFailure.damaged` for a file that was fetched and is not what its row says; `sha256` is what the other side
  /// says where the row says nothing.
  package func compare(_ file: StandbyFile, at path: String, sha256: [UInt8]?) throws {
    let size = try FileBytes.size(path) + file.offset
    let isWhole = file.size.map { file.isGrowing ? size >= $0 : size == $0 } ?? true
    guard isWhole else { throw StandbyFailure.damaged(file.blob) }
    guard !file.isGrowing, let wanted = file.sha256 ?? sha256 else { return }
    guard try StandbyCopy.digest(path) == wanted else { throw StandbyFailure.damaged(file.blob) }
  }

  /// Puts fetched files in place, durably.
  package func place(_ files: [(file: StandbyFile, path: String)]) throws {
    guard !files.isEmpty else { return }
    for (file, part) in files where file.isGrowing {
      // What is not recorded there may come again as something else.
      let most = (file.size ?? 0) - file.offset
      if try FileBytes.size(part) > most { try check("truncate", part) { truncate(part, off_t(most)) } }
    }
    for (file, part) in files where file.offset > 0 {
      try FileBytes.append(part, to: path(file.blob))
      unlink(part)
    }
    let whole = files.filter { $0.file.offset == 0 }
    try SharedSync.sync(whole.map(\.path))
    for (file, part) in whole {
      try check("rename", part) { rename(part, path(file.blob)) }
    }
    try SharedSync.sync(Array(Set(whole.map { FileBytes.directory(of: path($0.file.blob)) })))
    for (file, _) in files {
      sizes[file.blob] = try FileBytes.size(path(file.blob))
      if file.isGrowing { grown.insert(file.blob) }
    }
  }

  /// Whether the key is that of the first server, which is kept when there is none yet.
  ///
  /// Throws `StandbyFailure.otherServer`.
  package func take(key: [UInt8]) throws {
    guard try FileTree.exists(directory.keyPath) else {
      guard key.count == 32 else { throw StandbyFailure.damaged("secret.key") }
      return try FileBytes.write(key, to: directory.keyPath)
    }
    guard try FileBytes.read(directory.keyPath, atMost: 64) == key else {
      throw StandbyFailure.otherServer(from: record.from)
    }
  }

  package var hasKey: Bool { access(directory.keyPath, F_OK) == 0 }

  /// Puts the next generation in force, all files of which are in place; then what it does not name goes.
  package func putInForce(_ held: StandbyRecord.Held) throws {
    var held = held
    var named: Set<String> = []
    var longer: [(blob: String, size: Int64)] = []
    let isNext = try FileTree.exists(nextPath)
    (held.files, held.bytes) = (0, 0)
    try StandbyCopy.reading(isNext ? nextPath : directory.databasePath) { database in
      try StandbyFile.each(in: database) { file in
        guard named.insert(file.blob).inserted else { return }
        let here = sizes[file.blob] ?? 0
        let counted = file.isGrowing ? min(here, file.size ?? here) : here
        if counted < here { longer.append((file.blob, counted)) }
        held.files += 1
        held.bytes += counted
      }
    }
    if isNext {
      try FileBytes.sync(nextPath)
      Failpoint.pass(.beforeGeneration)
      for suffix in ["-wal", "-shm"] { try FileTree.remove(directory.databasePath + suffix) }
      try check("rename", nextPath) { rename(nextPath, directory.databasePath) }
      try FileBytes.sync(directory.path)
      Failpoint.pass(.afterGeneration)
    }
    record.held = held
    (record.problem, record.problemSince) = (nil, nil)
    try record.write(directory.path)
    // Not before, for the last generation counted on it; where this process does not come to it, the next start does it.
    for (blob, size) in longer { try cut(blob, to: size) }
    for blob in sizes.keys where !named.contains(blob) {
      try FileTree.remove(path(blob))
      sizes[blob] = nil
      grown.remove(blob)
    }
  }

  /// Notes that what is held is all there was at this moment.
  package func stillHolds(asOf moment: Timestamp) throws {
    record.held?.asOf = moment
    (record.problem, record.problemSince) = (nil, nil)
    try record.write(directory.path)
  }

  /// Notes why nothing came; a disk that takes not even that is no reason to end.
  package func failed(_ problem: String, at now: Timestamp) {
    record.problemSince = record.problemSince ?? now
    record.problem = problem
    try? record.write(directory.path)
  }

  /// Gives back what a look has left that came to nothing.
  package func clear() throws { try FileTree.empty(spoolPath) }
}
