import Basics

/// Makes a data directory from a backup: all of it, checked, or nothing.
package enum Restore {
  /// Reads the backup from an open descriptor into a directory that is empty or missing.
  ///
  /// Throws `BackupFailure`, `SystemFailure` or `StoreFailure.inUse`; the directory is empty again then. While it runs, and
  /// after a kill, the file `restoring` keeps a server from taking the directory for whole.
  package static func run(
    from descriptor: Int32, named name: String, into path: String, progress: BackupFile.Progress
  ) throws -> BackupHeader {
    let found = try FileTree.exists(path) ? FileTree.names(in: path) : []
    guard Set(found).isSubset(of: ["lost+found", "lock"]) else { throw BackupFailure.notEmpty(path) }
    let directory = try DataDirectory(path: path)
    do {
      try FileBytes.write([], to: path + "/restoring")
      try Blobs.makeDirectories(directory.filesPath)
      var reader = BackupReader(descriptor: descriptor, name: name)
      let contents = try reader.read(progress) { place($0, directory) }
      let problems = try BackupCheck.problems(contents, database: directory.databasePath)
      guard problems.isEmpty else { throw BackupFailure.unsound(problems) }
      for suffix in ["-wal", "-shm"] { try FileTree.remove(directory.databasePath + suffix) }
      try FileSystem.sync(path)
      try FileTree.remove(path + "/restoring")
      try FileBytes.sync(path)
      directory.markClosed()
      directory.close()
      return contents.header
    } catch {
      // The mark goes last: what is left over until then must not be taken for a whole directory.
      for name in try FileTree.names(in: path) where !["lost+found", "lock", "restoring"].contains(name) {
        try FileTree.remove(path + "/" + name)
      }
      try FileBytes.sync(path)
      try FileTree.remove(path + "/restoring")
      throw error
    }
  }

  private static func place(_ entry: BackupEntry, _ directory: DataDirectory) -> String? {
    switch entry {
    case .header, .sums: nil
    case .database: directory.databasePath
    case .key: directory.keyPath
    case .blob(let blob): "\(directory.filesPath)/\(blob.prefix(2))/\(blob)"
    }
  }
}
