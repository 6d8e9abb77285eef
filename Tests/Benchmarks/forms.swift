import Basics
import HTTP

/// Feeds 256 MiB of each kind of content to the form parser, in pieces of 64 KiB as an upload brings them.
@main
enum Forms {
  static let delimiter = Array("\r\n--boundary-of-a-form".utf8)

  static func main() throws {
    let teaser = Array(delimiter.dropLast())
    let kinds: [(name: String, encoding: String, content: [UInt8])] = [
      ("zeros", "binary", [0]),
      ("random bytes", "binary", Entropy.system.bytes(65_521)),
      ("carriage returns", "binary", [0x0D]),
      ("boundaries less their last byte", "binary", teaser),
      ("64 KiB of one, then a teaser", "binary", [UInt8](repeating: 0x61, count: 65_535 - teaser.count) + teaser),
      ("carriage return, line feed, hyphens", "binary", Array("\r\n--".utf8)),
      ("boundaries with text behind them", "binary", delimiter + Array("x".utf8)),
      (
        "boundaries with spaces behind them", "binary",
        delimiter + [UInt8](repeating: 0x20, count: 60) + Array("x".utf8)
      ),
      ("base64", "base64", Array("QUJD".utf8)),
      ("base64 of line ends", "base64", Array("QUJD".utf8) + [UInt8](repeating: 0x0D, count: 60)),
      ("quoted-printable", "quoted-printable", Array("=3D".utf8)),
    ]
    for kind in kinds {
      let rate = try megabytesPerSecond(kind.encoding, kind.content)
      print("\(kind.name): \(Int(rate)) MB/s")
    }
    refusals()
  }

  static func megabytesPerSecond(_ encoding: String, _ content: [UInt8]) throws -> Double {
    let head =
      "--boundary-of-a-form\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n"
      + "Content-Transfer-Encoding: \(encoding)\r\n\r\n"
    let body = Array(repeating: content, count: (4 << 20) / content.count + 1).flatMap { $0 }
    var parser = Multipart(try MultipartBoundary(contentType: "multipart/form-data; boundary=boundary-of-a-form"))
    var bytes = 0
    try Array(head.utf8).withUnsafeBytes { try parser.feed($0) { _ in } }
    let start = Clock.readMonotonic()
    for _ in 0..<64 {
      try body.withUnsafeBytes { body in
        var offset = 0
        while offset < body.count {
          let end = min(offset + 65_536, body.count)
          try parser.feed(UnsafeRawBufferPointer(rebasing: body[offset..<end])) { event in
            if case .data(let data) = event { bytes += data.count }
          }
          offset = end
        }
      }
    }
    precondition(bytes > 0)
    return Double(64 * body.count) / Double(Clock.readMonotonic() - start) * 1000
  }

  /// How long forms with too much of everything are looked at.
  static func refusals() {
    let part = "--boundary-of-a-form\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
    let forms = [
      ("100,000 parts", String(repeating: part, count: 100_000)),
      ("100,000 header lines", String(part.prefix(22)) + String(repeating: "X: y\r\n", count: 100_000)),
      ("a header line of 10 MB", String(part.prefix(22)) + "X: " + String(repeating: "y", count: 10_000_000)),
      ("10 MB before the first part", String(repeating: "y", count: 10_000_000)),
    ]
    for (name, text) in forms {
      let bytes = Array(text.utf8)
      let start = Clock.readMonotonic()
      var isRefused = false
      do {
        var parser = Multipart(try MultipartBoundary(contentType: "multipart/form-data; boundary=boundary-of-a-form"))
        try bytes.withUnsafeBytes { bytes in
          for offset in stride(from: 0, to: bytes.count, by: 65_536) {
            try parser.feed(UnsafeRawBufferPointer(rebasing: bytes[offset..<min(offset + 65_536, bytes.count)])) { _ in
            }
          }
        }
      } catch {
        isRefused = true
      }
      let microseconds = (Clock.readMonotonic() - start) / 1000
      print("\(name): \(isRefused ? "refused" : "taken") after \(microseconds) us")
    }
  }
}
