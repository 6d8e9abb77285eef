import Basics
import Formats
import Glibc
import Storage

/// Opens what a command is to read: a file, "-" for standard input, or a pipe, of which it first takes everything.
enum InputFile {
  static let standard = "-"

  /// The same, and for the address of a web page a file that holds it.
  static func openPage(_ operand: String) throws -> Int32 {
    guard PageAddress.isOne(operand) else { return try open(operand) }
    let file = try AnonymousFile.make()
    do {
      try FileBytes.writeAll(PageAddress.file(of: operand), to: file, named: operand)
      return file
    } catch {
      close(file)
      throw error
    }
  }

  /// A descriptor that can be read at any place, which the caller closes.
  static func open(_ path: String) throws -> Int32 {
    guard !path.isEmpty else { throw UsageFailure("the name of a file is empty") }
    let file =
      try path == standard
      ? check("dup", path) { dup(0) }
      : check("open", path) { Glibc.open(SystemText.cString(path), O_RDONLY | O_CLOEXEC) }
    do {
      var facts = stat()
      try check("fstat", path) { fstat(file, &facts) }
      switch facts.st_mode & S_IFMT {
      case S_IFREG where lseek(file, 0, SEEK_CUR) == 0: return file
      case S_IFDIR: throw SystemFailure("read", path, code: EISDIR)
      default: break
      }
      let whole = try AnonymousFile.make()
      do {
        try AnonymousFile.copy(file, to: whole, named: path)
      } catch {
        close(whole)
        throw error
      }
      close(file)
      return whole
    } catch {
      close(file)
      throw error
    }
  }

  /// The whole of what `open` opens; throws `UsageFailure` for more than `most` bytes.
  static func bytes(_ path: String, atMost most: Int) throws -> [UInt8] {
    let file = try open(path)
    defer { close(file) }
    var facts = stat()
    try check("fstat", path) { fstat(file, &facts) }
    guard facts.st_size <= most else { throw UsageFailure("\(path) has more than \(most) bytes") }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = try check("pread", path) {
        bytes.withUnsafeMutableBytes { buffer in
          pread(file, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(filled))
        }
      }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }
}
