import Archives
import Formats
import Glibc
import Pictures

/// Puts the files of an archive into one of another kind.
struct RepackConverter: Converter {
  let name = "built in"

  var offers: [Offer] {
    [
      Offer(from: [.tar, .tgz, .gz], to: [.zip], standsAlone: true),
      Offer(from: [.zip, .tgz, .gz], to: [.tar], standsAlone: true),
      Offer(from: [.zip, .tar, .gz], to: [.tgz], standsAlone: true),
    ]
  }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let file = files.sources[0]
    return try OpenArchive.read(conversion, file) { archive in
      if archive.format == .gz, conversion.to != .zip {
        return ConvertedFile(size: try RepackConverter.fromGZIP(file, archive, conversion, files.output))
      }
      let target = try PackOutput(conversion.to, files.output)
      let whole = max(1, try FileSource.size(of: file))
      var done = 0
      let warnings = try archive.forEachFile { name, member, content in
        if member.kind == .folder {
          try target.addFolder(name ?? "", at: member.modified)
        } else {
          try target.add(
            name ?? RepackConverter.name(conversion), size: member.size, at: member.modified, from: try content())
        }
        done += member.zip?.packedSize ?? member.size ?? 0
        progress(archive.format == .tgz ? 0 : min(99, done / (whole / 100 + 1)))
      }
      return ConvertedFile(size: try target.finish(), warnings: warnings)
    }
  }

  /// What a file is called that had no name in gzip; the name of that is given where it is known.
  private static func name(_ conversion: Conversion) -> String {
    guard let name = conversion.names.first else { return "content" }
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? ""
    return stem.isEmpty ? "content" : String(stem)
  }

  /// The only file goes into an archive, unless it is one; read twice, for TAR tells a file's size before its bytes.
  private static func fromGZIP(
    _ file: Int32, _ archive: OpenArchive, _ conversion: Conversion, _ target: Int32
  ) throws -> Int64 {
    var (size, sample) = (0, [UInt8]())
    try archive.forEach { _, content in
      sample = try content().forEachPieceSampled { size += $0.count }
    }
    if Sniffer.type(of: sample).best == .tar {
      let output = ByteOutput(target)
      if conversion.to == .tar {
        try archive.forEach { _, content in try content().forEachPiece { try output.write($0) } }
      } else {
        // What is packed with gzip already is the file itself.
        try FileSource(file).forEachPiece { try output.write($0) }
      }
      return try output.finish()
    }
    let output = try PackOutput(conversion.to, target)
    _ = try archive.forEachFile { name, _, content in
      try output.add(name ?? RepackConverter.name(conversion), size: size, at: nil, from: try content())
    }
    return try output.finish()
  }
}
