import Basics
import Conversion
import Formats
import Glibc
package import Storage

extension BatchDesk {
  /// All outputs of a batch in one archive that is made now and kept nowhere, open for reading; the caller closes it.
  ///
  /// Throws `Refusal.unknownBatch`, and `Refusal.unknownFile` when there is no output yet, or none any more.
  package func archive(_ workspace: Workspace, row: Int64, _ room: Room) async throws -> (
    descriptor: Int32, tag: String
  ) {
    guard try store.shortage() == nil else { throw Refusal.storageFull }
    return try await blocking.run { [store] in
      let outputs = try store.read { database in
        guard try Batches.find(workspace.id, id: row, in: database) != nil else { throw Refusal.unknownBatch }
        return try Batches.jobs(row, in: database).flatMap { try Outputs.all(job: $0, in: database) }
      }
      guard !outputs.isEmpty else { throw Refusal.unknownFile }
      return try BatchDesk.archive(outputs.map { ($0.fileName, $0.blob) }, of: workspace, store, room)
    }
  }

  /// Files as an archive without a name, which goes with its descriptor.
  static func archive(
    _ files: [(name: String, blob: String)], of workspace: Workspace, _ store: Store, _ room: Room
  ) throws -> (descriptor: Int32, tag: String) {
    let path = store.spool.path + "/archive-" + Base32.text(Entropy.system.bytes(10))
    let target = try check("open", path) { Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    unlink(path)
    do {
      let incoming = IncomingRoom(room, workspace: workspace.id)
      try BatchDesk.pack(files, into: target, from: store.blobs, incoming)
      let digest = try SHA256.digest(ofFile: target, named: "archive")
      return (target, Hexadecimal.encode(digest.prefix(16)))
    } catch {
      close(target)
      throw error
    }
  }

  private static func pack(
    _ files: [(name: String, blob: String)], into target: Int32, from blobs: Blobs, _ room: IncomingRoom
  ) throws {
    let names = FileNames.numbered(files.map(\.name))
    let writer = ZIPWriter(target) { bytes throws(ConversionFailure) in
      let limit: RoomLimit?
      do { limit = try room.take(bytes) } catch { throw ConversionFailure(.diskFull, "the disk has no room") }
      if limit != nil { throw ConversionFailure(.diskFull, "there is no room for the archive") }
    }
    for (name, file) in zip(names, files) {
      let source = try blobs.open(file.blob)
      defer { close(source) }
      try writer.add(name, from: source, at: Timestamp(milliseconds: 0))
    }
    _ = try writer.finish()
  }
}
