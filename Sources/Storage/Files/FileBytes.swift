package import Basics
import Glibc

/// Small files read and written whole, and the steps that make a file durable.
package enum FileBytes {
  /// The first bytes of a file.
  package static func read(_ path: String, atMost limit: Int) throws(SystemFailure) -> [UInt8] {
    let descriptor = try check("open", path) { open(SystemText.cString(path), O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = try check("read", path) {
        bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, limit - filled) }
      }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }

  /// Writes a file aside, syncs it, renames it into place (mode 0600) and syncs its directory.
  package static func write(_ bytes: [UInt8], to path: String) throws(SystemFailure) {
    let aside = path + ".new"
    let descriptor = try check("open", aside) { open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    do {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, named: aside)
      try check("fsync", aside) { fsync(descriptor) }
    }
    try check("rename", path) { rename(aside, path) }
    try sync(directory(of: path))
  }

  package static func writeAll(_ bytes: [UInt8], to descriptor: Int32, named name: String) throws(SystemFailure) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(SystemFailure) -> Void in
      try writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, named: name)
    }
  }

  /// Writes everything, however many calls it takes.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, named name: String) throws(SystemFailure)
  {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      written += try check("write", name) { Glibc.write(descriptor, rest.baseAddress, rest.count) }
    }
  }

  /// Writes everything at a place of a file.
  static func write(_ bytes: [UInt8], to descriptor: Int32, at place: Int) throws(SystemFailure) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(SystemFailure) -> Void in
      try write(UnsafeRawBufferPointer(bytes), to: descriptor, at: place)
    }
  }

  /// The same for bytes wherever they are.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at place: Int) throws(SystemFailure) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      written += try check("pwrite") { pwrite(descriptor, rest.baseAddress, rest.count, off_t(place + written)) }
    }
  }

  /// Fills a buffer with the first bytes of a file; false when it has fewer.
  static func fill(_ buffer: UnsafeMutableRawBufferPointer, from path: String) throws(SystemFailure) -> Bool {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    defer { close(descriptor) }
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try check("read", path) { Glibc.read(descriptor, rest.baseAddress, rest.count) }
      if count == 0 { return false }
      filled += count
    }
    return true
  }

  /// The bytes of a file.
  package static func size(_ path: String) throws(SystemFailure) -> Int64 {
    var status = stat()
    try check("stat", path) { stat(path, &status) }
    return Int64(status.st_size)
  }

  /// Copies a file, from byte `offset` on, to a new one (mode 0600), without a sync.
  package static func copy(_ path: String, from offset: Int64 = 0, to target: String) throws(SystemFailure) {
    let new = try check("open", target) { open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    defer { close(new) }
    try pour(path, from: offset, into: new, named: target)
  }

  /// Copies a file to the end of another one, durably.
  static func append(_ path: String, to target: String) throws(SystemFailure) {
    let end = try check("open", target) { open(target, O_WRONLY | O_APPEND | O_CLOEXEC) }
    defer { close(end) }
    try pour(path, from: 0, into: end, named: target)
    try check("fdatasync", target) { fdatasync(end) }
  }

  private static func pour(
    _ path: String, from offset: Int64, into end: Int32, named target: String
  ) throws(SystemFailure) {
    let source = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    defer { close(source) }
    try check("lseek", path) { lseek(source, off_t(offset), SEEK_SET) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try check("read", path) { Glibc.read(source, &buffer, buffer.count) }
      if count == 0 { return }
      try writeAll(Array(buffer[..<count]), to: end, named: target)
    }
  }

  /// Puts a file's bytes or a directory's entries on disk.
  package static func sync(_ path: String) throws(SystemFailure) { try sync(path, through: nil) }

  /// The same for a file whose bytes pass a gate.
  static func sync(_ path: String, through gate: SyncGate?) throws(SystemFailure) {
    let descriptor = try check("open", path) { open(SystemText.cString(path), O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    try gate?.write(descriptor, named: path)
    try check("fsync", path) { fsync(descriptor) }
  }

  /// The folder that a path is in, as far as its text says.
  package static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
