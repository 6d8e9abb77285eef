package import Basics
import Glibc

/// Whether a backup, or a data directory, holds everything that its rows name.
package enum BackupCheck {
  package struct Report: Sendable {
    package let header: BackupHeader
    package let problems: [String]
  }

  /// Reads a whole backup; its database goes to a file in `scratch` for the time of the check.
  package static func verify(_ path: String, scratch: String, progress: BackupFile.Progress) throws -> Report {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    var template = Array("\(scratch)/wonder-verify-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemFailure("mkdtemp", scratch) }
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileTree.remove(directory) }
    var reader = BackupReader(descriptor: descriptor, name: path)
    let contents = try reader.read(progress) { $0 == .database ? directory + "/wonder.db" : nil }
    return Report(header: contents.header, problems: try problems(contents, database: directory + "/wonder.db"))
  }

  /// What is wrong with the archive, its database, or a file that a row of it names.
  static func problems(_ contents: BackupReader.Contents, database path: String) throws -> [String] {
    var problems = contents.problems
    guard access(path, F_OK) == 0 else { return problems }
    do {
      let database = try Database(path: path, mode: .reading)
      defer { database.close() }
      let application = try database.first("PRAGMA application_id", row: { $0.integer(0) })
      guard application == Database.applicationID else { return problems + ["wonder.db is not a database of wonder"] }
      problems += try database.integrityCheck().map { "wonder.db: \($0)" }
      try NamedFile.each(in: database) { file in
        guard let found = contents.blobs[file.blob] else {
          return problems.append("\(file.blob), which a job names, is missing")
        }
        if file.size.map({ $0 != found.size }) ?? false || file.sha256.map({ $0 != found.sha256 }) ?? false {
          problems.append("\(file.blob) is not what its job recorded")
        }
      }
    } catch let failure as DatabaseFailure {
      problems.append("wonder.db: \(failure.message)")
    }
    return problems
  }
}

extension Store {
  /// What is wrong with the database, or with a file that a row names: every file is read and compared.
  package func verify() throws -> [String] {
    try read { database in
      var problems = try database.integrityCheck().map { "wonder.db: \($0)" }
      try NamedFile.each(in: database) { file in
        do {
          let descriptor = try blobs.open(file.blob)
          defer { Glibc.close(descriptor) }
          let isSame =
            try file.size.map { try $0 == FileBytes.size(blobs.path(file.blob)) } ?? true
            && file.sha256.map { try $0 == SHA256.digest(ofFile: descriptor, named: file.blob) } ?? true
          if !isSame { problems.append("\(file.blob) is not what its job recorded") }
        } catch let failure as SystemFailure {
          // It may have had its time since the query began.
          let isNamed = try read { try NamedFile.isNamed(file.blob, in: $0) }
          if isNamed { problems.append("\(file.blob), which a job names: \(failure)") }
        }
      }
      return problems
    }
  }

  /// A snapshot for a backup, in the spool; whoever asked for it removes it.
  package func makeSnapshot(at now: Timestamp, entropy: Entropy = .system) throws -> Snapshot {
    try Snapshot.make(of: self, at: now, entropy: entropy)
  }

  /// Removes a snapshot by the last part of its path; false when there is none.
  package func removeSnapshot(_ name: String) throws -> Bool {
    try Snapshot.remove(name, in: spool)
  }
}
