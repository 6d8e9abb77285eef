// modules: CSystem CImage Basics DataFormats Markup Archives Documents

import DataFormats
import Documents

/// Reads a message and writes it in a form that the first byte chooses.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0, let message = try? MailParser.parse(Array(UnsafeBufferPointer(start: bytes, count: count)[1...]))
  else { return 0 }
  let writer = MailWriter(message, to: ByteDrain(atMost: 1 << 22) { _ in })
  switch bytes[0] & 3 {
  case 0: try? writer.writeText()
  case 1: try? writer.writeMarkdown()
  case 2: try? writer.writeHTML()
  default: try? writer.writeJSON()
  }
  for (name, part) in MailWriter.attachments(message) {
    precondition(!name.isEmpty && !name.contains("/") && name.utf8.count <= 250)
    _ = part.content
  }
  return 0
}
