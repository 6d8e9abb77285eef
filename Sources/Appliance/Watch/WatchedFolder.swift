import Basics
import CSystem
import Glibc
import Storage

/// A folder into which files are dropped, with the places of what is made, of what is done, and of what failed.
struct WatchedFolder: Sendable {
  /// How far a file is.
  enum Look {
    case absent
    /// This user may not read it.
    case closed
    /// Somebody has it open for writing.
    case written
    case whole(FileMark)
    /// Nobody here has it open, as far as that can be told.
    case unknown(FileMark)
  }

  /// Endings that programs give what they have not got whole yet.
  private static let halves = [".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", "~"]

  let path: String
  let output: String
  let done: String
  let failed: String
  /// Where outputs stand until they are whole.
  let staging: String
  /// True where others write without this machine's kernel hearing of it.
  let isRemote: Bool
  /// Held open for its lock.
  private let descriptor: Int32

  /// Makes what is missing, and takes the lock; names without a slash at their beginning are inside the folder.
  ///
  /// Throws `UsageFailure` for places that cannot be these, and where another process watches it.
  init(_ path: String, output: String, done: String, failed: String) throws {
    func real(_ path: String) throws -> String {
      guard let real = realpath(SystemText.cString(path), nil) else { throw SystemFailure("open", path) }
      defer { free(real) }
      return SystemText.text(real)
    }
    let folder = try real(path)
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    let held = try check("open", path) { Glibc.open(SystemText.cString(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    descriptor = held
    if flock(held, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw UsageFailure("another process watches \(HiddenText.escaping(path))")
    }
    var own = stat()
    try check("fstat", path) { fstat(held, &own) }
    isRemote = csystem_is_remote(held)
    let base = self.path
    let places = try [output, done, failed].map { name in
      guard !name.isEmpty, !name.split(separator: "/").contains("..") else {
        throw UsageFailure("\"\(name)\" is no name of a folder")
      }
      let place = name.hasPrefix("/") ? name : "\(base)/\(name)"
      if mkdir(SystemText.cString(place), 0o777) != 0, errno != EEXIST { throw SystemFailure("mkdir", place) }
      guard try real(place) != folder else { throw UsageFailure("\(name) is the watched folder itself") }
      return place
    }
    (self.output, self.done, self.failed) = (places[0], places[1], places[2])
    for place in places.dropFirst() {
      var facts = stat()
      try check("stat", place) { stat(SystemText.cString(place), &facts) }
      guard facts.st_dev == own.st_dev else {
        throw UsageFailure("\(HiddenText.escaping(place)) is on another file system than \(HiddenText.escaping(path))")
      }
    }
    // Several folders may share one place for outputs.
    let tail = output.hasPrefix("/") ? "-" + Hexadecimal.encode(SHA256.digest(folder.utf8).prefix(8)) : ""
    staging = "\(self.output)/.wonder-watch\(tail)"
    if mkdir(SystemText.cString(staging), 0o777) != 0, errno != EEXIST { throw SystemFailure("mkdir", staging) }
  }

  /// What lies in it, without folders, and without what is hidden or has the name of a half.
  func names() throws -> [String] {
    try FileTree.names(in: path).filter { WatchedFolder.isWanted($0) && FileMark(path: "\(path)/\($0)") != nil }
      .sorted()
  }

  static func isWanted(_ name: String) -> Bool { !name.hasPrefix(".") && !halves.contains { name.hasSuffix($0) } }

  /// Opens a file, never through a link; nil where it is none, or gone.
  func open(_ name: String) -> (descriptor: Int32, mark: FileMark)? {
    let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let file = Glibc.open(SystemText.cString("\(path)/\(name)"), flags)
    guard file >= 0 else { return nil }
    var facts = stat()
    guard fstat(file, &facts) == 0, let mark = FileMark(facts) else {
      close(file)
      return nil
    }
    return (file, mark)
  }

  func look(_ name: String) -> Look {
    guard let (file, mark) = open(name) else { return [EACCES, EPERM].contains(errno) ? .closed : .absent }
    defer { close(file) }
    // An empty one is often what a program makes before it opens it again to write.
    if isRemote || mark.bytes == 0 { return .unknown(mark) }
    switch csystem_is_being_written(file) {
    case 1: return .written
    case 0: return .whole(mark)
    default: return .unknown(mark)
    }
  }

  /// Moves a file to where it belongs when it is still the same, and gives its name there.
  func move(_ name: String, _ mark: FileMark, to place: String) throws -> String? {
    let source = "\(path)/\(name)"
    guard FileMark(path: source) == mark else { return nil }
    let target = try WatchedFolder.rename(source, into: place, as: name)
    try FileBytes.sync(place)
    try FileBytes.sync(path)
    return target
  }

  /// Puts a file that cannot be converted aside, with the reason beside it.
  func fail(_ name: String, _ mark: FileMark, _ reason: String) throws {
    guard let moved = try move(name, mark, to: failed) else { return }
    let file = try OutputFile("\(moved).txt")
    defer { file.end() }
    try FileBytes.writeAll(Array("\(reason)\n".utf8), to: file.descriptor, named: moved)
    try file.finish()
  }

  /// Renames a file or folder to a name that is free, with a number where the name is taken; gives the path.
  static func rename(_ source: String, into place: String, as name: String) throws(SystemFailure) -> String {
    var number = 1
    let dot = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 } ?? name.endIndex
    while true {
      let target = place + "/" + (number == 1 ? name : "\(name[..<dot])-\(number)\(name[dot...])")
      if csystem_rename_new(SystemText.cString(source), SystemText.cString(target)) == 0 { return target }
      guard errno == EEXIST else { throw SystemFailure("rename", target) }
      number += 1
    }
  }
}
