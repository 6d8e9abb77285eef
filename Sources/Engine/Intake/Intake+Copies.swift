import Basics
import Glibc
package import Storage

/// Files of earlier jobs as files of new ones.
extension Intake {
  package enum Origin: Sendable {
    case input(Int64)
    case output(Int64)
    case stored(Int64)
  }

  /// A workspace's file once more, in the spool; nil when there is none, or it is gone.
  ///
  /// Both share their bytes, which stay until the last of them goes. Throws `SystemFailure`.
  package func copy(
    _ origin: Origin, in workspace: Workspace, _ name: String?
  ) async throws -> Submission.File? {
    try await blocking.run {
      guard let file = try store.read({ try Intake.file(origin, workspace.id, $0) }) else { return nil }
      let (path, descriptor) = try store.spool.makeFile(
        "copy-" + Base32.text(Entropy.system.bytes(10)), O_WRONLY | O_EXCL)
      close(descriptor)
      let keeper = SpoolGuard(path: path, spool: store.spool)
      _ = unlink(path)
      guard link(store.blobs.path(file.blob), path) == 0 else {
        if errno == ENOENT { return nil }
        throw SystemFailure("link", path)
      }
      return Submission.File(path: path, name: name ?? file.name, size: file.size, contentType: nil, keeper: keeper)
    }
  }

  /// A file with bytes that somebody has made, in the spool; throws `SystemFailure`, and blocks.
  package func file(of bytes: [UInt8], named name: String) throws -> Submission.File {
    let (path, file) = try store.spool.makeFile("made-" + Base32.text(Entropy.system.bytes(10)), O_WRONLY | O_EXCL)
    let keeper = SpoolGuard(path: path, spool: store.spool)
    defer { close(file) }
    try FileBytes.writeAll(bytes, to: file, named: path)
    return Submission.File(path: path, name: name, size: Int64(bytes.count), contentType: nil, keeper: keeper)
  }

  private static func file(
    _ origin: Origin, _ workspace: Int64, _ database: Database
  ) throws -> (blob: String, name: String, size: Int64)? {
    switch origin {
    case .input(let row): try Inputs.file(id: row, of: workspace, in: database)
    case .output(let row): try Outputs.file(id: row, of: workspace, in: database)
    case .stored(let row): try StoredFiles.find(workspace, id: row, in: database).map { ($0.blob, $0.name, $0.size) }
    }
  }

  /// With a file of its own in the place of each stored one; throws `Refusal.unknownStoredFile`.
  func takingStored(_ submission: Submission, _ submitter: Submitter) async throws -> Submission {
    guard (submission.sources + [submission.overlay].compactMap(\.self)).contains(where: \.isStored) else {
      return submission
    }
    try requireKey(submitter)
    var submission = submission
    for number in submission.sources.indices {
      submission.sources[number] = try await takingStored(submission.sources[number], submitter)
    }
    if let overlay = submission.overlay { submission.overlay = try await takingStored(overlay, submitter) }
    return submission
  }

  func takingStored(_ source: Submission.Source, _ submitter: Submitter) async throws -> Submission.Source {
    guard case .stored(let row, let name) = source else { return source }
    guard let file = try await copy(.stored(row), in: submitter.workspace, name) else {
      throw Refusal.unknownStoredFile
    }
    return .file(file)
  }
}

extension Submission.Source {
  fileprivate var isStored: Bool { if case .stored = self { true } else { false } }
}
