import Basics
import Glibc
import Storage

/// All files and folders below a folder as they are now.
struct PowerTree: Sendable {
  enum Content: Sendable {
    case file([UInt8])
    /// Names and places in `objects`.
    case folder([String: Int])
    /// What has a name and nothing else, such as a socket.
    case other
  }

  /// The folder itself first.
  private(set) var objects: [Content] = []
  /// Which object has a number of the file system.
  private(set) var places: [UInt64: Int] = [:]
  /// The same by path, the folder itself without one.
  private(set) var paths: [UInt64: String] = [:]

  init(_ root: String) throws {
    _ = try add(root, "")
  }

  private mutating func add(_ path: String, _ name: String) throws -> Int {
    var status = stat()
    try check("lstat", path) { lstat(path, &status) }
    if let known = places[UInt64(status.st_ino)] { return known }
    let place = objects.count
    places[UInt64(status.st_ino)] = place
    paths[UInt64(status.st_ino)] = name
    objects.append(.other)
    switch status.st_mode & S_IFMT {
    case S_IFREG: objects[place] = .file(try FileBytes.read(path, atMost: Int(status.st_size)))
    case S_IFDIR:
      var names: [String: Int] = [:]
      for next in try FileTree.names(in: path) { names[next] = try add(path + "/" + next, name + "/" + next) }
      objects[place] = .folder(names)
    default: break
    }
    return place
  }
}
