import Archives
import Formats

/// Takes the files out of an archive.
struct ExtractConverter: Converter {
  let name = "built in"

  var offers: [Offer] { [Offer(from: OpenArchive.formats, to: [.files], standsAlone: true)] }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    try OpenArchive.read(conversion, files.sources[0]) { archive in
      let output = PartsOutput(files.output)
      let warnings = try archive.forEachFile { name, member, content in
        guard member.kind == .file else { return }
        if let size = member.size { try ConversionFailure.check(Int64(size), atMost: limits.maxOutputBytes) }
        try output.add(name, from: try content())
      }
      return try output.finish(warnings: warnings)
    }
  }
}
