import Formats
import Glibc

/// Converts pictures, a band of rows at a time wherever the work allows it, so that memory does not grow with the picture.
struct ImageConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    if files.overlay == nil, let passage = try JPEGPassage(conversion, limits, input: files.sources[0]) {
      return try passage.run(output: files.output, progress: progress)
    }
    let work = try PictureWork(
      conversion, limits, input: files.sources[0], overlay: files.overlay, output: files.output)
    guard let mostBytes = conversion.options.whole(.targetSize), conversion.to == .jpeg else {
      return try work.run(quality: conversion.options.whole(.quality) ?? 85, progress: progress)
    }
    return try search(work, mostBytes, limits, progress)
  }

  /// Halves the range of qualities until the best one is left whose file is small enough; the last run writes it.
  private func search(
    _ work: PictureWork, _ mostBytes: Int, _ limits: ConversionLimits, _ progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    var (fits, fails) = (0, 101)
    var last: (quality: Int, file: ConvertedFile)?
    while fails - fits > 1 {
      let quality = (fits + fails) / 2
      progress(min(99, 100 - (fails - fits)))
      let file = try work.run(quality: quality) { _ in }
      last = (quality, file)
      if file.size <= mostBytes { fits = quality } else { fails = quality }
    }
    guard fits > 0 else {
      throw ConversionFailure(
        .outputTooLarge, "even quality 1 makes a file of more than \(mostBytes) bytes; a smaller width helps")
    }
    if let last, last.quality == fits { return last.file }
    return try work.run(quality: fits, progress: progress)
  }
}
