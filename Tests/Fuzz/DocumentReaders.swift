// modules: CSystem CImage Basics DataFormats Markup Archives Documents

import DataFormats
import Documents

/// Reads an office document whose kind and target the first byte chooses.
///
/// The rest are its parts as name, content, name and so on, with a zero byte between them, so that what is changed is the
/// text of a part and not the archive's compressed bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let pieces = UnsafeBufferPointer(start: bytes + 1, count: count - 1)
    .split(separator: 0, omittingEmptySubsequences: false)
  let names = stride(from: 0, to: pieces.count, by: 2).map { String(decoding: pieces[$0], as: UTF8.self) }
  let contents = stride(from: 1, to: pieces.count, by: 2).map { Array(pieces[$0]) }
  let parts = DocumentParts(names) { place, most in
    let content = place < contents.count ? contents[place] : []
    if content.count > most { throw DataFault(.tooLarge, "more than a part may have") }
    return content
  }
  let kinds = DocumentKind.allCases
  let reader = DocumentReader(kinds[Int(bytes[0] & 0xF) % kinds.count], parts)
  let drain = ByteDrain(atMost: 1 << 22) { _ in }
  guard let blocks = try? reader.blocks() else { return 0 }
  switch bytes[0] >> 4 & 3 {
  case 0: try? DocumentTarget.text.write(blocks, to: drain)
  case 1: try? DocumentTarget.markdown.write(blocks, to: drain)
  default: try? DocumentTarget.html(isPage: bytes[0] & 0x40 != 0, title: nil).write(blocks, to: drain)
  }
  return 0
}
