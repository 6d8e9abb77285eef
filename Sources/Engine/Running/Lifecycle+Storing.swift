import Basics
import Formats
import Storage

/// Second names for those files of a job that are to be stored, too.
struct StoredCopies {
  /// What was stored: the names that it has now.
  struct Kept {
    var names: Set<String> = []
    var isAnnounced = false
  }

  /// A file that the job came with, and what its bytes say.
  struct Original {
    let input: Input
    let blob: String
    let mediaType: String
    let sha256: [UInt8]
    let sides: PictureSides?
  }

  let wish: StoreWish
  /// The places of the outputs, or none.
  let outputs: [String]
  let originals: [Original]
  /// Their second names, those of the outputs first.
  private(set) var names: [String] = []

  var blobs: [String] { outputs + originals.map(\.blob) }

  func named(_ names: [String]) -> StoredCopies {
    var copies = self
    copies.names = names
    return copies
  }

  init(_ wish: StoreWish, outputs: [String], originals: [Original]) {
    self.wish = wish
    self.outputs = outputs
    self.originals = originals
  }
}

/// Jobs whose files stay when their own time is over.
extension Lifecycle {
  /// What of a job is to be stored; nil for most jobs, which cost no query for it.
  ///
  /// Originals are read here, before the transaction that stores them, for everybody's writes wait for that.
  func storedCopies(of job: Job, _ blobs: [String]) throws -> StoredCopies? {
    guard job.extras.contains(.storesFiles) else { return nil }
    let found: (wish: StoreWish, inputs: [Input])? = try store.read { database in
      guard let wish = try StoreWishes.find(job, in: database) else { return nil }
      return (wish, wish.keepsOriginals ? try Inputs.all(job: job.id, in: database) : [])
    }
    guard let found else { return nil }
    let originals = try found.inputs.compactMap { input in
      input.role == .source ? try input.blob.map { try original(input, $0) } : nil
    }
    return StoredCopies(found.wish, outputs: found.wish.keepsOutputs ? blobs : [], originals: originals)
  }

  private func original(_ input: Input, _ blob: String) throws -> StoredCopies.Original {
    let path = store.blobs.path(blob)
    return StoredCopies.Original(
      input: input, blob: blob,
      mediaType: try MediaTypes.type(ofFileAt: path, named: input.fileName, said: nil),
      sha256: try input.sha256 ?? FileHash.sha256(path), sides: try PictureSides(ofFileAt: path))
  }

  /// Stores what the workspace has room for, in the transaction that records the outputs; `rows` are theirs.
  ///
  /// The job is done all the same when there is no room, and its notice says so.
  func keep(
    _ copies: StoredCopies, of job: Job, _ outputs: [NewOutput], _ rows: [Int64], at now: Timestamp,
    _ database: Database
  ) throws -> StoredCopies.Kept {
    var kept = StoredCopies.Kept()
    var most: Int64?
    func keep(_ new: NewStoredFile) throws {
      if let limit = try Quota.excess(of: new.size, in: job.workspaceID, database) {
        most = limit
        return
      }
      let file = try StoredFiles.insert(new, in: database)
      kept.names.insert(new.blob)
      if try announcing?.write(stored: file, at: now, in: database) ?? false { kept.isAnnounced = true }
    }
    var folders = StoredPaths(job.workspaceID, in: copies.wish.folderID, at: now)
    for (number, output) in outputs.enumerated() where !copies.outputs.isEmpty {
      let path = job.extras.contains(.storesFolders) ? output.path : nil
      var new = NewStoredFile(
        workspaceID: job.workspaceID, folderID: try folders.folder(of: path, database),
        name: path.map { FileNames.clean($0) } ?? output.fileName,
        mediaType: output.mediaType, size: output.size, sha256: output.sha256, blob: copies.names[number],
        createdAt: now)
      (new.width, new.height, new.jobID, new.outputID) = (output.width, output.height, job.id, rows[number])
      try keep(new)
    }
    for (original, name) in zip(copies.originals, copies.names.dropFirst(copies.outputs.count)) {
      var new = NewStoredFile(
        workspaceID: job.workspaceID, folderID: copies.wish.folderID, name: original.input.fileName,
        mediaType: original.mediaType, size: original.input.size ?? 0, sha256: original.sha256, blob: name,
        createdAt: now)
      (new.width, new.height, new.jobID) = (original.sides?.width, original.sides?.height, job.id)
      try keep(new)
    }
    if let most {
      try StoreWishes.setNotice(
        "Not everything was stored: this workspace may keep \(most) bytes of files, which its files leave no room in.",
        job: job.id, in: database)
    }
    return kept
  }
}
