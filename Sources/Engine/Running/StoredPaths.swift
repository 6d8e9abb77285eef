import Basics
import Storage

/// The folders of an archive as folders of the store, made as they are needed.
struct StoredPaths {
  private let workspace: Int64
  private let top: Int64?
  private let now: Timestamp
  private var known: [String: Int64?]

  /// They are made in `top`.
  init(_ workspace: Int64, in top: Int64?, at now: Timestamp) {
    self.workspace = workspace
    self.top = top
    self.now = now
    known = ["": top]
  }

  /// The folder of a file with this path; the lowest that may be where folders are too many, in each other or altogether.
  mutating func folder(of path: String?, _ database: Database) throws -> Int64? {
    var (folder, place) = (top, "")
    for part in (path ?? "").split(separator: "/").dropLast() {
      place += "/" + part
      if let found = known[place] {
        folder = found
        continue
      }
      let name = FileNames.clean(String(part))
      if let found = try StoredFolders.find(workspace, parent: folder, name: name, in: database) {
        folder = found
      } else {
        let above = try folder.map { try StoredFolders.line(workspace, to: $0, in: database).count } ?? 0
        guard above < StoredFolders.mostLevels,
          try StoredFolders.count(workspace, in: database) < StoredFolders.mostOfOneWorkspace
        else { return folder }
        folder = try StoredFolders.insert(
          workspace, parent: folder, name: name, color: nil, at: now, in: database)
      }
      known[place] = folder
    }
    return folder
  }
}
