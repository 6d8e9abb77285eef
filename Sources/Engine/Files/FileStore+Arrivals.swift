import Basics
import Conversion
import Formats
import Glibc
package import Storage

/// Files that come in parts: every part that was answered for is on disk, and goes on from there after a crash.
extension FileStore {
  /// How long one may come to nothing until it is forgotten, and how long its result is told again.
  package static let arrivalLife = Duration.seconds(86_400)
  /// Uploads of one workspace that are under way.
  static let mostArrivals = 1000
  /// Bytes of one file.
  package static let largestFile: Int64 = 1 << 40

  /// Begins a file of so many bytes; throws `Refusal.storageQuota` when the workspace has no room for it.
  package func begin(
    _ name: String, mediaType: String?, size: Int64, in folder: Int64?, of workspace: Workspace, most: Int64?
  ) async throws -> Arrival {
    let most = min(most ?? .max, FileStore.largestFile)
    guard size >= 1, size <= most else { throw Refusal.fileSize(most) }
    let now = clock.now()
    let name = FileNames.clean(name)
    return try await blocking.run {
      try store.blobs.make { blob in
        try store.writeBlocking { database in
          if let folder { _ = try FileStore.folder(folder, workspace, database) }
          guard try Arrivals.count(workspace.id, in: database) < FileStore.mostArrivals else {
            throw Refusal.tooManyUploads(FileStore.mostArrivals)
          }
          let promised = try Arrivals.outstanding(workspace.id, in: database)
          if let limit = try Quota.excess(of: size + promised, in: workspace.id, database) {
            throw Refusal.storageQuota(limit, plan: workspace.plan)
          }
          let row = try Arrivals.insert(
            workspace.id, folder: folder, name: name, mediaType: mediaType, size: size, blob: blob, at: now,
            in: database)
          guard let arrival = try Arrivals.find(workspace.id, id: row, in: database) else {
            throw Refusal.unknownUpload
          }
          return arrival
        }
      }
    }
  }

  /// A token with which a file can be sent without a key, for a day.
  package func token(for arrival: Arrival) -> String {
    links.token(forArrival: arrival.id, life: FileStore.arrivalLife)
  }

  /// The arrival that a token stands for; throws `Refusal.unknownUpload` or `Refusal.expiredLink`.
  package func arrival(token: String) throws -> Arrival {
    let row = try links.arrival(of: token)
    guard let arrival = try store.read({ try Arrivals.linked(id: row, in: $0) }) else { throw Refusal.unknownUpload }
    return arrival
  }

  /// A workspace's arrival; throws `Refusal.unknownUpload`.
  package func arrival(_ workspace: Workspace, row: Int64) throws -> Arrival {
    guard let arrival = try store.read({ try Arrivals.find(workspace.id, id: row, in: $0) }) else {
      throw Refusal.unknownUpload
    }
    return arrival
  }

  /// The arrival with nothing of it received, which is recorded before its bytes go: what would come after them was lost
  /// otherwise when the server ended in between, and a hole taken for them.
  ///
  /// It has a file of another name, for who follows knows bytes by the names of their files. Throws
  /// `Refusal.uploadIsComplete`, `uploadIsBusy` and `unknownUpload`.
  package func anew(_ arrival: Arrival) async throws -> Arrival {
    guard arrival.blob != nil else { throw Refusal.uploadIsComplete }
    guard arrival.received > 0 else { return arrival }
    let turn = try ArrivalTurn(arrival, busy)
    let now = clock.now()
    return try await blocking.run {
      defer { withExtendedLifetime(turn) {} }
      let (emptied, old) = try store.blobs.make { blob in
        try store.writeBlocking { database in
          let current = try FileStore.current(arrival, database)
          guard try Arrivals.restart(current, in: blob, at: now, database) else { throw Refusal.unknownUpload }
          return (try FileStore.current(arrival, database), current.blob)
        }
      }
      if let old { store.blobs.remove([old]) }
      return emptied
    }
  }

  /// The arrival as it is for whoever has its turn: what was read before that, another request may have changed since.
  ///
  /// Throws `Refusal.unknownUpload`, and `uploadIsComplete` for a stored file.
  private static func current(_ arrival: Arrival, _ database: Database) throws -> Arrival {
    guard let current = try Arrivals.linked(id: arrival.id, in: database) else { throw Refusal.unknownUpload }
    guard current.blob != nil else { throw Refusal.uploadIsComplete }
    return current
  }

  /// Opens an arrival for its bytes from `offset` on.
  ///
  /// Throws `Refusal.uploadIsComplete`, `uploadIsElsewhere`, `uploadIsBusy`, and `unknownUpload` when its bytes are gone.
  package func part(of arrival: Arrival, at offset: Int64) throws -> ArrivalPart {
    let turn = try ArrivalTurn(arrival, busy)
    let current = try store.read { try FileStore.current(arrival, $0) }
    guard let blob = current.blob else { throw Refusal.uploadIsComplete }
    guard offset == current.received else { throw Refusal.uploadIsElsewhere(current.received) }
    let path = store.blobs.path(blob)
    let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      // A restored server has the row without the bytes.
      if errno == ENOENT { throw Refusal.unknownUpload }
      throw SystemFailure("open", path)
    }
    // What was not recorded, or is to come again, does not count.
    guard ftruncate(descriptor, off_t(offset)) == 0 else {
      defer { close(descriptor) }
      throw SystemFailure("ftruncate", path)
    }
    return ArrivalPart(
      current, offset, descriptor, blob, turn, room: IncomingRoom(room, workspace: current.workspaceID))
  }

  /// Puts on disk and records what a part has brought; gives how much has come altogether.
  package func record(_ part: ArrivalPart) async throws -> Int64 {
    let now = clock.now()
    return try await blocking.run {
      try store.blobs.sync(growing: part.descriptor, part.blob)
      Failpoint.pass(.afterPart)
      let isRecorded = try store.writeBlocking { [arrival = part.arrival, end = part.end] database in
        try Arrivals.setReceived(arrival, end, at: now, in: database)
      }
      guard isRecorded else { throw Refusal.unknownUpload }
      return part.end
    }
  }

  /// Makes a stored file of an arrival that has come whole; the same one again when it is one already.
  ///
  /// Throws `Refusal.uploadIsIncomplete`, `uploadIsBusy`, and `unknownStoredFile` when its file was deleted meanwhile.
  package func complete(_ workspace: Workspace, row: Int64) async throws -> (file: StoredFileView, isAgain: Bool) {
    let known = try self.arrival(workspace, row: row)
    guard known.blob != nil else { return (try result(of: known, workspace), true) }
    let turn = try ArrivalTurn(known, busy)
    // Until then it could be begun anew, or completed.
    let arrival = try self.arrival(workspace, row: row)
    guard let blob = arrival.blob else { return (try result(of: arrival, workspace), true) }
    guard arrival.received == arrival.size else {
      throw Refusal.uploadIsIncomplete(arrival.received, of: arrival.size)
    }
    let now = clock.now()
    let (file, isAnnounced) = try await blocking.run(heavy: true) {
      defer { withExtendedLifetime(turn) {} }
      let path = store.blobs.path(blob)
      guard access(path, F_OK) == 0 else { throw Refusal.unknownUpload }
      let mediaType = try MediaTypes.type(ofFileAt: path, named: arrival.name, said: arrival.mediaType)
      let sha256 = try FileHash.sha256(path)
      let sides = try PictureSides(ofFileAt: path)
      return try store.writeBlocking { database in
        guard let current = try Arrivals.find(workspace.id, id: row, in: database), current.blob == blob else {
          throw Refusal.unknownUpload
        }
        var new = NewStoredFile(
          workspaceID: workspace.id, folderID: current.folderID, name: arrival.name, mediaType: mediaType,
          size: arrival.size, sha256: sha256, blob: blob, createdAt: now)
        (new.width, new.height) = (sides?.width, sides?.height)
        // Its bytes count as stored already.
        try Usage.addStored(workspace.id, -arrival.received, in: database)
        let stored = try insert(new, workspace, database)
        try Usage.addStored(workspace.id, arrival.received, in: database)
        try Usage.add(workspace.id, origin: .api, files: 1, bytes: arrival.size, at: now, in: database)
        try Arrivals.setStored(current, as: stored.0.id, at: now, in: database)
        return stored
      }
    }
    told(isAnnounced, workspace)
    return (view(file, workspace), false)
  }

  /// The stored file that an arrival has become.
  private func result(of arrival: Arrival, _ workspace: Workspace) throws -> StoredFileView {
    guard let file = arrival.fileID else { throw Refusal.unknownStoredFile }
    return try view(workspace, row: file)
  }

  /// Gives up an arrival; its bytes go.
  package func abandon(_ arrival: Arrival) async throws {
    let files = try await store.write { try Arrivals.delete(arrival, in: $0) }
    store.blobs.remove(files.blobs)
  }
}
