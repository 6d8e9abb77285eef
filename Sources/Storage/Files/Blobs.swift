package import Basics
import Glibc
import Synchronization

/// The files of jobs, each under a name of ours in one of 256 directories; a client's name never reaches the disk.
package struct Blobs: Sendable {
  private let root: String
  private let entropy: Entropy
  private let trust: DiskTrust
  private let hold = DeletionHold()
  private let folders: Folders
  private let redo: RedoLog
  private let gate = SyncGate()
  private let shelf = Shelf()
  /// Files that are in place and whose rows are not yet written.
  private let unrecorded = NamesInUse()

  /// Makes the 256 directories, so that placing a file later needs no new one.
  init(root: String, entropy: Entropy, trust: DiskTrust, folders: Folders, redo: RedoLog) throws {
    self.root = root
    self.redo = redo
    self.folders = folders
    self.entropy = entropy
    self.trust = trust
    try Blobs.makeDirectories(root)
  }

  /// Makes those that are missing, for a loss of power may have left any of them.
  static func makeDirectories(_ root: String) throws(SystemFailure) {
    var isMade = false
    for number in 0..<256 {
      let path = root + "/" + Hexadecimal.encode([UInt8(number)])
      if mkdir(path, 0o700) == 0 { isMade = true } else if errno != EEXIST { throw SystemFailure("mkdir", path) }
    }
    if isMade { try FileBytes.sync(root) }
  }

  /// True for what a file may be called, which leads nowhere else.
  package static func isName(_ text: some StringProtocol) -> Bool {
    (4...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  }

  package func path(_ blob: String) -> String {
    "\(root)/\(blob.prefix(2))/\(blob)"
  }

  /// Moves files from the spool into place, durably.
  ///
  /// The bytes of small ones are on disk in the redo log, and they are renamed; others are synced, renamed, and their
  /// directory is synced once. The files of one call share a directory. Gives the blob names in the same order; on an error none
  /// stays. Throws `StoreFailure.stoppedWriting` when a sync fails, for then nothing is known of what is on disk.
  package func place(_ paths: [String]) throws -> [String] {
    try place(paths) { $0 }
  }

  /// The same, and calls `record`, which writes the rows; until it returns the files count as in use.
  package func place<Value>(_ paths: [String], record: ([String]) throws -> Value) throws -> Value {
    let directory = nextDirectory()
    let blobs = paths.map { _ in directory + Base32.text(entropy.bytes(15)) }
    unrecorded.enter(blobs)
    defer { unrecorded.leave(blobs) }
    try move(paths, to: blobs, in: directory)
    return try record(blobs)
  }

  /// Gives files of ours second names, durably, and calls `record` with these; until it returns they count as in use.
  ///
  /// The bytes stay until the last of the names goes. Whatever `record` does not take it gives back, to be removed; on an
  /// error none stays, unless nothing is known of the commit. Throws what `place` does.
  package func link<Value>(
    _ blobs: [String], record: ([String]) throws -> (value: Value, left: [String])
  ) throws -> Value {
    let directory = Hexadecimal.encode(entropy.bytes(1))
    let names = blobs.map { _ in directory + Base32.text(entropy.bytes(15)) }
    unrecorded.enter(names)
    defer { unrecorded.leave(names) }
    do {
      for (blob, name) in zip(blobs, names) {
        // The record of a small file does not know its second name.
        if redo.holds(blob) { try sync(file: blob) }
        try link(blob, as: name)
      }
      try sync(directory)
      let (value, left) = try record(names)
      remove(left)
      return value
    } catch {
      if trust.failure == nil { remove(names) }
      throw error
    }
  }

  /// Makes an empty file that grows where it is, durably, and calls `record` with its name, as `place` does.
  package func make<Value>(record: (String) throws -> Value) throws -> Value {
    let directory = Hexadecimal.encode(entropy.bytes(1))
    let name = directory + Base32.text(entropy.bytes(15))
    unrecorded.enter([name])
    defer { unrecorded.leave([name]) }
    do {
      let path = path(name)
      let descriptor = try check("open", path) { Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
      close(descriptor)
      try sync(directory)
      return try record(name)
    } catch {
      if trust.failure == nil { remove([name]) }
      throw error
    }
  }

  /// Puts on disk what was added to a growing file; throws `StoreFailure.stoppedWriting` when that fails.
  package func sync(growing descriptor: Int32, _ blob: String) throws {
    do { try gate.write(descriptor, named: path(blob)) } catch { throw trust.lose("\(error)") }
    guard fdatasync(descriptor) == 0 else { throw trust.lose("\(SystemFailure("fdatasync", path(blob)))") }
  }

  private func sync(_ directory: String) throws { try sync(path: "\(root)/\(directory)") }

  private func sync(file blob: String) throws { try sync(path: path(blob)) }

  private func sync(path: String) throws {
    if let failure = trust.failure { throw failure }
    do { try FileBytes.sync(path) } catch {
      throw error.call == "fsync" ? trust.lose("\(error)") : error
    }
  }

  /// A second name, or a copy where the file system has no such thing.
  private func link(_ blob: String, as name: String) throws {
    let (path, target) = (path(blob), path(name))
    if Glibc.link(path, target) == 0 { return }
    let reason = errno
    guard [EPERM, EOPNOTSUPP, EMLINK].contains(reason) else { throw SystemFailure("link", path, code: reason) }
    try FileBytes.copy(path, to: target)
    try FileBytes.sync(target)
  }

  /// True while no row may name the file yet, because this process is about to write it.
  package func isInUse(_ blob: String) -> Bool { unrecorded.contains(blob) }

  /// Files that come after each other share a directory, whose sync then serves several.
  private func nextDirectory() -> String {
    shelf.state.withLock { state in
      if state.left == 0 { state = (Hexadecimal.encode(entropy.bytes(1)), Shelf.calls) }
      state.left -= 1
      return state.directory
    }
  }

  /// Where files go at the moment.
  private final class Shelf: Sendable {
    /// So many calls use one directory.
    static let calls = 64
    let state = Mutex((directory: "", left: 0))
  }

  private func move(_ paths: [String], to blobs: [String], in directory: String) throws {
    guard !paths.isEmpty else { return }
    if let failure = trust.failure { throw failure }
    var placed: [String] = []
    let logged = try redo.write(paths, as: blobs)
    defer { if let logged { redo.placed(logged) } }
    do {
      if logged == nil { try SharedSync.sync(paths, through: gate) }
      for (path, blob) in zip(paths, blobs) {
        try move(path, to: blob)
        placed.append(blob)
      }
      if logged == nil { try FileBytes.sync("\(root)/\(directory)") }
      Failpoint.pass(.afterPlacement)
    } catch let failure as SystemFailure {
      remove(placed)
      if failure.call == "fsync" { throw trust.lose("\(failure)") }
      guard failure.isOfPlace else { throw failure }
      if let reason = folders.look() { throw reason }
      // A file of the spool is gone while it was in use, and with it mostly its folder.
      throw failure.code == ENOENT ? StoreFailure.lost(.spool, how: "lost a file that was in use") : failure
    } catch {
      remove(placed)
      throw error
    }
  }

  /// Renames a file into its place, whose folder is made again when it is gone.
  private func move(_ path: String, to blob: String) throws {
    let target = self.path(blob)
    do throws(SystemFailure) {
      try check("rename", path) { rename(path, target) }
    } catch {
      guard error.code == ENOENT, try FileTree.exists(path) else { throw error }
      try folders.makeAgain(FileBytes.directory(of: target))
      try check("rename", path) { rename(path, target) }
    }
  }

  /// Deletes files; one that is already gone is fine.
  ///
  /// While deletions are held they wait.
  package func remove(_ blobs: [String]) {
    for blob in hold.passing(blobs) { unlink(path(blob)) }
  }

  /// Runs `body` while no file is deleted, so that what the rows name at its start stays until its end.
  func holdingDeletions<Value>(_ body: () throws -> Value) rethrows -> Value {
    let holder = holdDeletions()
    defer { letDeletionsGo(holder) }
    return try body()
  }

  /// Keeps files that are deleted from now on until the holder that it gives lets them go.
  func holdDeletions() -> Int { hold.begin() }

  /// Deletes what waits for this holder and for none before it; one that has ended already does nothing.
  func letDeletionsGo(_ holder: Int) {
    for blob in hold.end(holder) { unlink(path(blob)) }
  }

  /// Opens a file for reading; the caller closes the descriptor.
  package func open(_ blob: String) throws(SystemFailure) -> Int32 {
    let path = path(blob)
    return try check("open", path) { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
  }

  /// How old a file is, or nil when it is gone; throws when that cannot be told.
  package func changed(_ blob: String) throws(SystemFailure) -> Timestamp? {
    let path = path(blob)
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw SystemFailure("stat", path)
    }
    return Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000)
  }

  /// All blob names on disk, for finding files without a row; throws when they cannot all be seen.
  package func names() throws(SystemFailure) -> [String] {
    var names: [String] = []
    // A file system of its own may have folders that are none of ours, such as lost+found.
    for directory in try FileTree.names(in: root) where Hexadecimal.decode(directory)?.count == 1 {
      names += try FileTree.names(in: root + "/" + directory)
    }
    return names
  }
}
