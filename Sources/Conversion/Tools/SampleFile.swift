import Basics
package import Formats
import Glibc
import Pictures

/// The smallest files of our own making that a program can be tried on.
package enum SampleFile {
  private static let line = "This is a sample, and no more than that."

  /// Nil for a format of which there is none.
  package static func bytes(of format: Format) -> [UInt8]? {
    switch format {
    case .png: picture
    case .pdf: Array(document.utf8)
    case .wav: sound
    case .gif: dot
    default: texts[format].map { Array($0.utf8) }
    }
  }

  private static let texts: [Format: String] = [
    .txt: "\(line)\n",
    .md: "# Sample\n\n\(line)\n",
    .rst: "Sample\n======\n\n\(line)\n",
    .html: "<!DOCTYPE html>\n<html><head><title>Sample</title></head><body><p>\(line)</p></body></html>\n",
    .rtf: "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0 \(line)\\par}\n",
    .csv: "name,number\nsample,1\n",
    .tsv: "name\tnumber\nsample\t1\n",
    .svg: """
    <svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="16" height="32" fill="#c00"/></svg>\n
    """,
    .ps: "%!PS-Adobe-3.0\n72 72 moveto 144 144 lineto stroke\nshowpage\n%%EOF\n",
    .eps: """
    %!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 32 32\n%%EndComments\n4 4 moveto 28 28 lineto stroke\nshowpage\n%%EOF\n
    """,
    .pnm: "P2\n4 4\n255\n" + (0..<16).map { "\($0 * 17)" }.joined(separator: " ") + "\n",
  ]

  private static var picture: [UInt8]? {
    guard let file = try? MemoryFile.make([]) else { return nil }
    defer { close(file) }
    guard SamplePicture.write(file) else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(max(0, lseek(file, 0, SEEK_END))))
    return pread(file, &bytes, bytes.count, 0) == bytes.count ? bytes : nil
  }

  /// One white pixel (GIF89a).
  private static let dot: [UInt8] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x21, 0xF9, 4, 1, 10, 0, 1,
    0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
  ]

  /// A page with a line of text (ISO 32000-1, 7.5).
  private static var document: String {
    let content = "BT /F1 12 Tf 20 80 Td (\(line)) Tj ET"
    let objects = [
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R "
        + "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
      "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
    ]
    var text = "%PDF-1.4\n"
    var places: [Int] = []
    for (index, object) in objects.enumerated() {
      places.append(text.utf8.count)
      text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = text.utf8.count
    let rows = places.map { place in String(repeating: "0", count: 10 - "\(place)".count) + "\(place) 00000 n \n" }
    text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n" + rows.joined()
    return text + "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
  }

  /// A tenth of a second of a triangle, 8 kHz, 16 bits, one channel (RIFF, WAVE form).
  private static var sound: [UInt8] {
    let samples = (0..<800).flatMap { index -> [UInt8] in
      let value = Int16(abs(index % 40 - 20) * 400 - 4000)
      return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let form = number(1, 2) + number(1, 2) + number(8000, 4) + number(16000, 4) + number(2, 2) + number(16, 2)
    let parts = Array("WAVEfmt ".utf8) + number(16, 4) + form + Array("data".utf8) + number(samples.count, 4) + samples
    return Array("RIFF".utf8) + number(parts.count, 4) + parts
  }
}
