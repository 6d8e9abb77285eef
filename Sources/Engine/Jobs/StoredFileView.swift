package import Storage

/// A stored file as every dialect sees it: the row, its public identifier, and the path of a link to it.
package struct StoredFileView: Sendable {
  package let file: StoredFile
  /// What it is known by.
  package let identifier: String
  /// What its job is known by; nil for one that somebody has brought, or whose job is gone.
  package let requestID: String?
  /// Its workspace.
  package let workspace: String
  /// Path of a signed link, to be put behind the address that clients use; it works for `Links.storedLife`.
  package let path: String

  init(_ file: StoredFile, identifier: String, requestID: String? = nil, workspace: String, path: String) {
    self.file = file
    self.requestID = requestID
    self.identifier = identifier
    self.workspace = workspace
    self.path = path
  }
}

extension Links {
  /// A stored file with a link that works from now on.
  func view(_ file: StoredFile, workspace: String) -> StoredFileView {
    StoredFileView(
      file, identifier: identifier(of: file), requestID: file.jobID.map(identifier(ofJob:)), workspace: workspace,
      path: path(to: file))
  }
}
