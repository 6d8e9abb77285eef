import Formats

/// Makes one PDF of several pictures, each a page in their order; a JPEG to which nothing is done keeps its bytes.
struct PageConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let document = try PDFFile(files.output)
    var first: ConvertedFile?
    var warnings: Set<ConversionWarning> = []
    for index in files.sources.indices {
      let page: ConvertedFile
      do throws(ConversionFailure) {
        page = try add(index, of: conversion, limits, files, to: document) { percent in
          progress((index * 100 + percent) / files.sources.count)
        }
      } catch {
        throw error.ofFile(index)
      }
      first = first ?? page
      warnings.formUnion(page.warnings)
    }
    return ConvertedFile(
      size: try document.finish(), width: first?.width, height: first?.height, warnings: warnings)
  }

  private func add(
    _ index: Int, of conversion: Conversion, _ limits: ConversionLimits, _ files: ConversionFiles,
    to document: PDFFile, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let source = files.sources[index]
    if files.overlay == nil, let passage = try JPEGPassage(conversion, limits, input: source) {
      let page = try passage.add(to: document, progress: progress)
      return ConvertedFile(size: 0, width: page.width, height: page.height, warnings: passage.damage)
    }
    let work = try PictureWork(
      conversion, limits, input: source, overlay: files.overlay, output: files.output, document: document)
    return try work.run(quality: 85, progress: progress)
  }
}
