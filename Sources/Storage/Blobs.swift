package import Basics
import Glibc

/// The files of jobs, each under a name of ours in one of 256 directories; a client's name never reaches the disk.
package struct Blobs: Sendable {
  private let root: String
  private let entropy: Entropy
  private let trust: DiskTrust
  private let hold = DeletionHold()

  /// Makes the 256 directories the first time, so that placing a file later needs no new one.
  init(root: String, entropy: Entropy, trust: DiskTrust) throws {
    self.root = root
    self.entropy = entropy
    self.trust = trust
    try Blobs.makeDirectories(root)
  }

  static func makeDirectories(_ root: String) throws {
    guard access(root + "/ff", F_OK) != 0 else { return }
    for number in 0..<256 { try DataDirectory.make(root + "/" + Hexadecimal.encode([UInt8(number)])) }
    try FileBytes.sync(root)
  }

  package func path(_ blob: String) -> String {
    "\(root)/\(blob.prefix(2))/\(blob)"
  }

  /// Moves files from the spool into place, durably: sync each file, rename it, sync the directory once.
  ///
  /// The files of one call share a directory. Gives the blob names in the same order; on an error none stays. Throws
  /// `StoreFailure.stoppedWriting` when a sync fails, for then nothing is known of what is on disk.
  package func place(_ paths: [String]) throws -> [String] {
    guard !paths.isEmpty else { return [] }
    if let failure = trust.failure { throw failure }
    let directory = Hexadecimal.encode(entropy.bytes(1))
    var placed: [String] = []
    do throws(SystemFailure) {
      for path in paths {
        try FileBytes.sync(path)
        let blob = directory + Base32.text(entropy.bytes(15))
        try check("rename", path) { rename(path, self.path(blob)) }
        placed.append(blob)
      }
      try FileBytes.sync("\(root)/\(directory)")
      Failpoint.pass(.afterPlacement)
      return placed
    } catch {
      remove(placed)
      guard error.call == "fsync" else { throw error }
      throw trust.lose("\(error)")
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
    hold.begin()
    defer { for blob in hold.end() { unlink(path(blob)) } }
    return try body()
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
