package import Basics

/// A file of a workspace that stays until it is deleted.
package struct StoredFile: Sendable, Equatable {
  package let id: Int64
  package let workspaceID: Int64
  /// Nil for one that is in no folder.
  package let folderID: Int64?
  package let name: String
  package let mediaType: String
  /// Bytes.
  package let size: Int64
  package let sha256: [UInt8]
  package let width: Int?
  package let height: Int?
  /// How long it plays.
  package let duration: Duration?
  /// JSON: what its owner notes of it.
  package let metadata: String?
  package let blob: String
  /// The job and the output that it was made of, while these are there.
  package let jobID: Int64?
  package let outputID: Int64?
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
}

extension StoredFile {
  /// A file that never was, for a sample of what a webhook looks like.
  package static func sample(_ workspace: Int64, at now: Timestamp) -> StoredFile {
    StoredFile(
      id: 0, workspaceID: workspace, folderID: nil, name: "photo.png", mediaType: "image/png", size: 0, sha256: [],
      width: nil, height: nil, duration: nil, metadata: nil, blob: "", jobID: nil, outputID: nil, createdAt: now,
      updatedAt: now)
  }
}

/// What a new stored file is made of; its bytes are in place.
package struct NewStoredFile: Sendable {
  package let workspaceID: Int64
  package var folderID: Int64?
  package let name: String
  package let mediaType: String
  package let size: Int64
  package let sha256: [UInt8]
  package var width: Int?
  package var height: Int?
  package var metadata: String?
  package let blob: String
  package var jobID: Int64?
  package var outputID: Int64?
  package let createdAt: Timestamp

  package init(
    workspaceID: Int64, folderID: Int64?, name: String, mediaType: String, size: Int64, sha256: [UInt8], blob: String,
    createdAt: Timestamp
  ) {
    self.workspaceID = workspaceID
    self.folderID = folderID
    self.name = name
    self.mediaType = mediaType
    self.size = size
    self.sha256 = sha256
    self.blob = blob
    self.createdAt = createdAt
  }
}
