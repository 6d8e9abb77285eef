// modules: CSystem CImage Basics DataFormats Markup Archives Documents Formats Pictures Typesetting Conversion

import CSystem
import Conversion
import Formats
import Glibc

/// Tells what a page or a list of pages leads to, and reads a robots.txt and a pattern; the first byte chooses.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let content = Array(UnsafeBufferPointer(start: bytes + 1, count: count - 1))
  let text = String(decoding: content, as: UTF8.self)
  switch bytes[0] & 7 {
  case 0, 1, 2, 3: convert(content, .html, hasBase: bytes[0] & 8 == 0)
  case 4: convert(content, .xml, hasBase: bytes[0] & 8 == 0)
  case 5: convert(content, .txt, hasBase: false)
  case 6: robots(content)
  default: addresses(text)
  }
  return 0
}

private func convert(_ content: [UInt8], _ format: Format, hasBase: Bool) {
  guard let converter = Makers.builtIn.first(where: { $0.offers.contains { $0.deed?.flag.name == "links" } }),
    let files = FuzzedFiles.shared, let options = hasBase ? FuzzedFiles.withBase : FuzzedFiles.plain
  else { abort() }
  ftruncate(files.input, 0)
  ftruncate(files.output, 0)
  pwrite(files.input, content, content.count, 0)
  _ = try? (converter as? any Converter)?.convert(
    Conversion(from: format, to: .json, options: options), limits: ConversionLimits(),
    files: ConversionFiles(sources: [files.input], output: files.output)
  ) { _ in }
}

private func robots(_ content: [UInt8]) {
  let rules = RobotsRules(content)
  _ = rules.crawlDelay
  guard rules.allows("/robots.txt") else { abort() }
  for line in content.split(separator: 0x0A).prefix(20) { _ = rules.allows(String(decoding: line, as: UTF8.self)) }
}

/// What is normalised stays as it is, also when it is read again.
private func addresses(_ text: String) {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let (first, second) = (lines.first ?? "", lines.dropFirst().first ?? "")
  let address = WebAddress(written: first)
  let whole = address.resolved(against: WebAddress(second))
  for one in [address, whole, WebAddress(first)] where one.isWeb {
    let normal = one.normalised
    let again = WebAddress(normal.description)
    if again.normalised.description != normal.description { abort() }
    if !normal.description.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { abort() }
    _ = AddressPattern(second).matches(one)
    if !AddressPattern("*").matches(one) { abort() }
  }
}

private final class FuzzedFiles: Sendable {
  static let shared: FuzzedFiles? = FuzzedFiles()
  static let plain = try? ConversionOptions(["links": "true"])
  static let withBase = try? ConversionOptions(["links": "true", "base": "https://example.org/a/b?c"])
  let input = csystem_memory_file()
  let output = csystem_memory_file()
}
