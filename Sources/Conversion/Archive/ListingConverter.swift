import Archives
import Basics
import Formats
import Pictures

/// Lists what is in an archive, of which nothing is unpacked.
struct ListingConverter: Converter {
  let name = "built in"

  var offers: [Offer] { [Offer(from: [.zip, .tar, .tgz], to: [.json], standsAlone: true)] }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    try OpenArchive.read(conversion, files.sources[0]) { archive in
      let output = ByteOutput(files.output)
      try output.write("{\n  \"format\": \"\(archive.format.name)\",\n  \"entries\": [")
      var (count, total) = (0, 0)
      try archive.forEach { member, _ in
        let size = member.size ?? 0
        try output.write(count == 0 ? "\n    " : ",\n    ")
        try output.write(ListingConverter.entry(member, size: size).text)
        count += 1
        total = total.addingReportingOverflow(size).partialValue
      }
      try output.write("\(count == 0 ? "" : "\n  ")],\n  \"count\": \(count),\n  \"size\": \(total)\n}\n")
      return ConvertedFile(size: try output.finish())
    }
  }

  private static func entry(_ member: OpenArchive.Member, size: Int) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("name", member.name.map(JSONValue.string) ?? .null), ("kind", .string(member.kind.rawValue)),
      ("size", .integer(Int64(size))), ("modified", member.modified.map { .string($0.description) } ?? .null),
    ]
    if let zip = member.zip {
      members += [
        ("packed_size", .integer(Int64(zip.packedSize))), ("crc32", .string(hexadecimal(zip.checksum))),
        ("method", .string(methods[zip.method] ?? "\(zip.method)")), ("encrypted", .boolean(zip.isEncrypted)),
      ]
    }
    return .object(members)
  }

  private static let methods = [
    0: "stored", 8: "deflate", 9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz",
  ]

  private static func hexadecimal(_ sum: UInt32) -> String {
    Hexadecimal.encode((0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - $0 * 8)) })
  }
}
