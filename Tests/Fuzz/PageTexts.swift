// modules: CSystem CImage Basics DataFormats Formats Markup Pictures Typesetting

import CSystem
import DataFormats
import Glibc
import Markup
import Pictures
import Typesetting

/// Sets Markdown, text or a table on the pages of a PDF, whichever the first byte chooses, with margins of its second.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let content = Array(UnsafeBufferPointer(start: bytes + 2, count: count - 2))
  let output = FuzzedFile.shared.descriptor
  ftruncate(output, 0)
  var style = PageStyle()
  style.margin = Double(bytes[1])
  style.maySwapSides = bytes[0] & 0x10 != 0
  style.numbers = bytes[0] & 0x20 != 0 ? PageNumbers(.center, isTop: false) { "\($0) of \($1)" } : nil
  let feed = ByteFeed(content)
  let file = ByteOutput(output)
  switch bytes[0] & 3 {
  case 0, 1: _ = try? MarkdownPages.write(MarkdownParser(extensions: .gitHub).parse(content), style, to: file)
  case 2: _ = try? TextPages.write(TextEncoding.decode(feed, from: nil), style, to: file)
  default:
    let reader = CSVDocumentReader()
    _ = try? TablePages.write(feed, reader, hasHead: true, style, to: file)
  }
  return 0
}

private final class FuzzedFile: Sendable {
  static let shared = FuzzedFile()
  let descriptor = csystem_memory_file()
}
