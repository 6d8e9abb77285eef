import Basics
import CSystem
import Formats
import Glibc

/// The folder of one call of a program, in the spool: its sources, what it makes, and nothing of anybody else.
final class JobFolder: ToolFolder {
  /// More entries are no conversion: a job has at most 1,000 outputs.
  private static let mostEntries = 2000
  private static let mostDepth = 32
  private static let pieceBytes = 1 << 20

  let descriptor: Int32
  private let path: String
  private let spool: Spool
  /// Bytes of what was put in for the program, or was there when it began with an order.
  private(set) var given: Int64 = 0

  init(_ spool: Spool, _ name: String) throws {
    self.spool = spool
    path = try spool.makeFolder(name)
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      let failure = SystemFailure("open", path)
      rmdir(path)
      spool.leave(path)
      throw failure
    }
    // A program of root's server runs as nobody, and makes its files here.
    if geteuid() == 0 { _ = fchown(descriptor, Nobody.user, Nobody.user) }
  }

  /// Puts in a copy of a file, for the program could write to the original; it may be read by whoever runs the program.
  func put(_ source: Int32, as name: String) throws(SystemFailure) {
    let file = try make(name)
    defer { close(file) }
    given += try JobFolder.copy(source, to: file, atMost: .max)
  }

  func put(_ bytes: [UInt8], as name: String) throws(SystemFailure) {
    let file = try make(name)
    defer { close(file) }
    given += try JobFolder.write(bytes, to: file)
  }

  /// Puts in a new file of these pieces; a file that is none or not an ordinary one gives nothing.
  func put(_ pieces: [ToolPiece], as name: String) throws(SystemFailure) {
    let file = try make(name)
    defer { close(file) }
    for piece in pieces {
      switch piece {
      case .bytes(let bytes): given += try JobFolder.write(bytes, to: file)
      case .part(let source, let start, let count):
        let part = openat(descriptor, source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        defer { if part >= 0 { close(part) } }
        var facts = stat()
        guard !source.contains("/"), fstat(part, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { continue }
        given += try JobFolder.copy(part, to: file, from: start, atMost: count ?? .max)
      }
    }
  }

  static func write(_ bytes: [UInt8], to file: Int32) throws(SystemFailure) -> Int64 {
    var done = 0
    while done < bytes.count {
      done += try check("write", "job folder") {
        bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + done }, bytes.count - done) }
      }
    }
    return Int64(done)
  }

  /// A name with slashes lies in folders of its own, which are made.
  private func make(_ name: String) throws(SystemFailure) -> Int32 {
    for slash in name.indices where name[slash] == "/" {
      let folder = String(name[..<slash])
      // One that is there already was made for another file.
      guard mkdirat(descriptor, folder, 0o700) == 0 else { continue }
      if geteuid() == 0 { _ = fchownat(descriptor, folder, Nobody.user, Nobody.user, AT_SYMLINK_NOFOLLOW) }
    }
    let file = try check("open", "job folder") {
      openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
    }
    // Whatever mask the server has: the folder is closed to others, and the program may be another user.
    fchmod(file, 0o444)
    return file
  }

  /// The names of what is in it, sorted; throws when there is more than a conversion has.
  func names() throws(ConversionFailure) -> [String] {
    let again = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard again >= 0, let list = fdopendir(again) else {
      if again >= 0 { close(again) }
      throw ConversionFailure(SystemFailure("opendir", "job folder"))
    }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
      guard names.count <= JobFolder.mostEntries else {
        throw ConversionFailure(.outputTooLarge, "more files were made than a conversion may have")
      }
    }
    return names.sorted()
  }

  func bytes(of name: String, atMost most: Int) -> [UInt8]? {
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard !name.contains("/"), fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes = [UInt8](repeating: 0, count: min(most, max(0, facts.st_size)))
    var filled = 0
    while filled < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress.map { $0 + filled }, $0.count - filled, filled)
      }
      guard got > 0 else { break }
      filled += got
    }
    return Array(bytes[..<filled])
  }

  func size(of name: String) -> Int64? {
    var facts = stat()
    guard !name.contains("/"), fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0,
      facts.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Int64(facts.st_size)
  }

  /// Bytes of all files in it and in its folders; throws when there is more or deeper than a conversion has.
  func bytes() throws(ConversionFailure) -> Int64 {
    var total: Int64 = 0
    var left = JobFolder.mostEntries
    try count(descriptor, depth: 0, &total, &left)
    return total
  }

  /// Counts from now on what the program writes.
  func begin() { given = (try? bytes()) ?? given }

  /// Removes files that lie in the folder itself.
  func remove(_ names: [String]) {
    for name in names where !name.contains("/") { unlinkat(descriptor, name, 0) }
  }

  private func count(
    _ folder: Int32, depth: Int, _ total: inout Int64, _ left: inout Int
  ) throws(ConversionFailure) {
    let names = JobFolder.entries(folder, most: left + 1)
    left -= names.count
    guard left >= 0, depth <= JobFolder.mostDepth else {
      throw ConversionFailure(.outputTooLarge, "more files were made than a conversion may have")
    }
    for name in names {
      var facts = stat()
      guard fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      guard facts.st_mode & S_IFMT == S_IFDIR else {
        total += Int64(facts.st_size)
        continue
      }
      let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard inner >= 0 else { continue }
      defer { close(inner) }
      try count(inner, depth: depth + 1, &total, &left)
    }
  }

  /// Copies what was made into an output; anything but an ordinary file of this folder alone is none.
  func take(_ name: String, into output: Int32, atMost most: Int64) throws(ConversionFailure) -> Int64 {
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0, !name.contains("/") else {
      throw ConversionFailure(.converterDied, "the program made no file that can be read")
    }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink == 1, facts.st_size > 0 else {
      throw ConversionFailure(.converterDied, "the program made something else than a file")
    }
    try ConversionFailure.check(Int64(facts.st_size), atMost: most)
    do throws(SystemFailure) {
      try check("ftruncate", "output") { ftruncate(output, 0) }
      lseek(output, 0, SEEK_SET)
      return try JobFolder.copy(file, to: output, atMost: Int64(facts.st_size))
    } catch {
      throw ConversionFailure(error)
    }
  }

  /// Copies up to so many bytes to where the target's offset is; tells how many there were.
  static func copy(
    _ source: Int32, to target: Int32, from start: Int64 = 0, atMost most: Int64
  ) throws(SystemFailure) -> Int64 {
    var place = off_t(start)
    while Int64(place) - start < most {
      let piece = Int(min(Int64(pieceBytes), most - (Int64(place) - start)))
      let count = try check("sendfile", "job folder") { sendfile(target, source, &place, piece) }
      if count == 0 { break }
    }
    return Int64(place) - start
  }

  /// Removes it with all that is in it, however much and however deep: what a folder holds is moved up until there is none.
  func remove() {
    var round = 0
    while true {
      let names = JobFolder.entries(descriptor, most: JobFolder.mostEntries)
      let gone = names.count { name in
        round += 1
        return remove(name, round)
      }
      // What could not be removed goes with the spool at the next start.
      if gone == 0 { break }
    }
    close(descriptor)
    rmdir(path)
    spool.leave(path)
  }

  /// False when it stays.
  private func remove(_ name: String, _ round: Int) -> Bool {
    if unlinkat(descriptor, name, 0) == 0 { return true }
    fchmodat(descriptor, name, 0o700, 0)
    let inner = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard inner >= 0 else { return false }
    defer { close(inner) }
    while true {
      let entries = JobFolder.entries(inner, most: JobFolder.mostEntries)
      let moved = entries.enumerated().count { index, entry in
        if unlinkat(inner, entry, 0) == 0 { return true }
        fchmodat(inner, entry, 0o700, 0)
        return renameat(inner, entry, descriptor, "up-\(round)-\(index)") == 0
      }
      if moved == 0 { break }
    }
    return unlinkat(descriptor, name, AT_REMOVEDIR) == 0
  }

  private static func entries(_ folder: Int32, most: Int) -> [String] {
    let again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard again >= 0, let list = fdopendir(again) else {
      if again >= 0 { close(again) }
      return []
    }
    defer { closedir(list) }
    var names: [String] = []
    while names.count < most, let entry = readdir(list) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
