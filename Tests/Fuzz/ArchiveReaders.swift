// modules: CSystem CImage Basics Archives

import CSystem
import Glibc

@testable import Archives

/// Reads an archive whose kind the first byte chooses: ZIP, TAR, gzip or TAR in gzip.
///
/// The sums of TAR's headers are made right first, so that what is changed gets further than to them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  var content = Array(UnsafeBufferPointer(start: bytes, count: count)[1...])
  if bytes[0] & 3 == 1 { mend(&content) }
  let file = FuzzedFile.shared.descriptor
  ftruncate(file, 0)
  pwrite(file, content, content.count, 0)
  var limits = ArchiveLimits()
  limits.totalBytes = 1 << 22
  limits.plentyBytes = 1 << 16
  limits.entries = 1000
  _ = try? read(bytes[0] & 3, file, limits)
  return 0
}

private func read(_ kind: UInt8, _ file: Int32, _ limits: ArchiveLimits) throws {
  var names = EntryNames()
  switch kind {
  case 0:
    let zip = try ZIPReader(descriptor: file, limits: limits)
    for entry in zip.entries {
      _ = try? names.take(entry.name, isFolder: entry.kind == .folder)
      let content = try? zip.read(entry)
      if let content, content.count != entry.size { abort() }
    }
  case 1: try readTAR(FileSource(file), limits, &names)
  case 2: try GZIPSource(FileSource(file), limits: limits).forEachPiece { _ in }
  default: try readTAR(try GZIPSource(FileSource(file), limits: limits), limits, &names)
  }
}

private func readTAR(_ source: any ByteSource, _ limits: ArchiveLimits, _ names: inout EntryNames) throws {
  let tar = TARReader(source, limits: limits)
  while let entry = try tar.next() {
    if let name = try? names.take(entry.name), name.hasPrefix("/") || name.contains("..") && name == ".." { abort() }
    if entry.size % 3 != 0 { try tar.content.forEachPiece { _ in } }
  }
}

private func mend(_ bytes: inout [UInt8]) {
  for start in stride(from: 0, to: bytes.count - 511, by: 512)
  where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
    for place in 148..<156 { bytes[start + place] = 0x20 }
    let sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
    let digits = Array(String(sum, radix: 8).utf8)
    bytes.replaceSubrange(start + 148..<start + 154, with: [UInt8](repeating: 0x30, count: 6 - digits.count) + digits)
    bytes[start + 154] = 0
  }
}

private final class FuzzedFile: Sendable {
  static let shared = FuzzedFile()
  let descriptor = csystem_memory_file()
}
