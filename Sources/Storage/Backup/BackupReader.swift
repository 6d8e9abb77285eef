import Basics
import Glibc

/// Reads a backup once from front to back: what is in it, each file's sum, and the files themselves where they are wanted.
struct BackupReader {
  struct Contents {
    let header: BackupHeader
    /// Size and SHA-256 of each blob.
    var blobs: [String: (size: Int64, sha256: [UInt8])] = [:]
    /// What is wrong with the archive itself.
    var problems: [String] = []
  }

  /// The header and the sums are read into memory, so they have a limit.
  private static let largestHeader: Int64 = 1 << 16
  private static let largestSums: Int64 = 1 << 31

  private let descriptor: Int32
  private let name: String
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var done: Int64 = 0

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Reads all of it; `place` says where a file goes, or nil when it is only looked at.
  ///
  /// Throws `BackupFailure`.
  mutating func read(_ progress: BackupFile.Progress, place: (BackupEntry) throws -> String?) throws -> Contents {
    guard let first = try nextHeader(), BackupEntry(name: first.name) == .header, first.size < Self.largestHeader else {
      throw BackupFailure.notABackup("it does not begin with backup.json")
    }
    let text = try bytes(first)
    var contents = Contents(header: try BackupHeader.read(text))
    var sums = BackupReader.line(.header, SHA256.digest(text))
    var seen: [BackupEntry] = []
    while let header = try nextHeader() {
      guard let entry = BackupEntry(name: header.name), entry != .header else {
        throw BackupFailure.notABackup("it holds \(header.name.prefix(80))")
      }
      if entry == .sums {
        guard header.size < Self.largestSums else { throw BackupFailure.notABackup("SHA256SUMS is too long") }
        contents.problems += BackupReader.differences(sums, try bytes(header))
        guard try nextHeader() == nil else { throw BackupFailure.notABackup("something follows SHA256SUMS") }
        for needed in [BackupEntry.database, .key] where !seen.contains(needed) {
          contents.problems.append("\(needed.name) is missing")
        }
        if Int64(contents.blobs.count) != contents.header.files {
          contents.problems.append("it has \(contents.blobs.count) files of jobs, and not \(contents.header.files)")
        }
        return contents
      }
      let digest = try file(header, to: place(entry), progress, total: contents.header.bytes)
      sums += BackupReader.line(entry, digest)
      if case .blob(let blob) = entry { contents.blobs[blob] = (header.size, digest) } else { seen.append(entry) }
    }
    throw BackupFailure.notABackup("it ends before SHA256SUMS")
  }

  private static func line(_ entry: BackupEntry, _ digest: [UInt8]) -> [UInt8] {
    Array("\(Hexadecimal.encode(digest))  \(entry.name)\n".utf8)
  }

  /// Names what the sums say of a file and what it has are not the same.
  private static func differences(_ found: [UInt8], _ listed: [UInt8]) -> [String] {
    if found == listed { return [] }
    let (found, listed) = (Set(found.split(separator: 0x0A)), Set(listed.split(separator: 0x0A)))
    let names = found.symmetricDifference(listed).map { String(decoding: $0.dropFirst(66), as: UTF8.self) }
    return Set(names).sorted().map { "\($0) is not as SHA256SUMS has it" }
  }

  private mutating func nextHeader() throws -> TarHeader? {
    let block = try exactly(TarHeader.blockSize)
    return try TarHeader.read(block)
  }

  private mutating func bytes(_ header: TarHeader) throws -> [UInt8] {
    let content = try exactly(Int(header.size))
    _ = try exactly(TarHeader.padding(after: header.size))
    return content
  }

  private func exactly(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try check("read", name) {
        bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, count - filled) }
      }
      guard got > 0 else { throw BackupFailure.notABackup("it ends in the middle") }
      filled += got
    }
    return bytes
  }

  /// Hashes a file and writes it to `path`; the caller syncs.
  private mutating func file(
    _ header: TarHeader, to path: String?, _ progress: BackupFile.Progress, total: Int64
  ) throws -> [UInt8] {
    let target = try path.map { path in
      try check("open", path) { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    }
    defer { if let target { close(target) } }
    var hash = SHA256()
    var left = header.size
    while left > 0 {
      let wanted = Int(min(left, Int64(buffer.count)))
      let count = try check("read", name) { Glibc.read(descriptor, &buffer, wanted) }
      guard count > 0 else { throw BackupFailure.notABackup("it ends in the middle of \(header.name)") }
      try buffer.withUnsafeBytes { bytes in
        let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        hash.update(piece)
        if let target { try FileBytes.writeAll(piece, to: target, named: path ?? "") }
      }
      left -= Int64(count)
      done += Int64(count)
      try progress(done, total)
    }
    _ = try exactly(TarHeader.padding(after: header.size))
    return hash.finish()
  }
}
