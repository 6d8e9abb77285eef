import Basics
import Glibc
import Storage

/// What a file became, on its way to its place: all of it or nothing, whenever the process ends.
///
/// The outputs are written into a folder named after the file. Once they are synced the folder is renamed, and from then on the
/// file counts as converted: whatever of the moves was not done is done at the next start.
struct StagedResult {
  private static let ending = ".ready"

  private let folder: WatchedFolder
  private let name: String
  private let mark: FileMark
  /// Where the outputs are written.
  let path: String

  init(of name: String, _ mark: FileMark, in folder: WatchedFolder) throws(SystemFailure) {
    (self.folder, self.name, self.mark) = (folder, name, mark)
    path = "\(folder.staging)/\(mark.word(name))"
    try FileTree.remove(path)
    try check("mkdir", path) { mkdir(SystemText.cString(path), 0o777) }
  }

  /// Puts everything on disk and where it belongs, and the source among what is done; gives where the outputs are.
  ///
  /// `outputs` are below `path`, in their order.
  func finish(_ outputs: [String]) throws -> [String] {
    try StagedResult.sync(path)
    let ready = path + StagedResult.ending
    try check("rename", ready) { rename(SystemText.cString(path), SystemText.cString(ready)) }
    try FileBytes.sync(folder.staging)
    let places = try StagedResult.deliver(ready, folder)
    _ = try folder.move(name, mark, to: folder.done)
    try FileTree.remove(ready)
    return outputs.map { output in
      let parts = output.dropFirst(path.count + 1).split(separator: "/", maxSplits: 1).map(String.init)
      return ([places[parts[0]] ?? parts[0]] + parts.dropFirst()).joined(separator: "/")
    }
  }

  /// Removes what was not finished.
  func drop() { try? FileTree.remove(path) }

  /// Ends what an earlier process had begun to deliver, and removes what it had not.
  static func recover(_ folder: WatchedFolder) throws {
    let left = try FileTree.names(in: folder.staging)
    guard !left.isEmpty else { return }
    var sources: [String: (name: String, mark: FileMark)] = [:]
    for name in try folder.names() {
      if let mark = FileMark(path: "\(folder.path)/\(name)") { sources[mark.word(name)] = (name, mark) }
    }
    for entry in left {
      let path = "\(folder.staging)/\(entry)"
      if entry.hasSuffix(ending) {
        try end(path, folder, sources[String(entry.dropLast(ending.count))])
      } else {
        try FileTree.remove(path)
      }
    }
  }

  /// Ends a delivery that was interrupted by a failure; false when there is none.
  static func resume(_ name: String, _ mark: FileMark, _ folder: WatchedFolder) throws -> Bool {
    let ready = "\(folder.staging)/\(mark.word(name))\(ending)"
    guard try FileTree.exists(ready) else { return false }
    try end(ready, folder, (name, mark))
    return true
  }

  private static func end(
    _ ready: String, _ folder: WatchedFolder, _ source: (name: String, mark: FileMark)?
  ) throws {
    _ = try deliver(ready, folder)
    if let source { _ = try folder.move(source.name, source.mark, to: folder.done) }
    try FileTree.remove(ready)
  }

  /// Moves the outputs; gives the path of each by the name that it had.
  private static func deliver(_ ready: String, _ folder: WatchedFolder) throws -> [String: String] {
    var places: [String: String] = [:]
    for name in try FileTree.names(in: ready).sorted() {
      places[name] = try WatchedFolder.rename("\(ready)/\(name)", into: folder.output, as: name)
    }
    try FileBytes.sync(folder.output)
    return places
  }

  /// Syncs a folder with everything in it.
  private static func sync(_ path: String) throws {
    for name in try FileTree.names(in: path) {
      let entry = "\(path)/\(name)"
      if FileMark(path: entry) == nil { try sync(entry) } else { try FileBytes.sync(entry) }
    }
    try FileBytes.sync(path)
  }
}
