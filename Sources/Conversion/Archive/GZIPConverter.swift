import Archives
import Formats
import Pictures

/// Compresses any file by gzip.
struct GZIPConverter: Converter {
  let name = "built in"

  var offers: [Offer] { [Offer(from: nil, to: [.gz], standsAlone: true)] }

  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let output = ByteOutput(files.output)
    do {
      let size = max(1, try FileSource.size(of: files.sources[0]))
      var done = 0
      let gzip = try GZIPWriter { try output.write($0) }
      try FileSource(files.sources[0]).forEachPiece { piece in
        try gzip.write(piece)
        done += piece.count
        progress(min(99, done / (size / 100 + 1)))
      }
      try gzip.finish()
    } catch {
      throw OpenArchive.failure(error, Format.gz.title)
    }
    return ConvertedFile(size: try output.finish())
  }
}
