import Basics
package import Formats
import Glibc

extension Catalogue {
  /// Converts in this process: for the sandboxed child, and for a user's own files.
  package func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void = { _ in }
  ) throws(ConversionFailure) -> ConversionOutcome {
    let step = try check(conversion, files)
    guard let converter = step.maker as? any Converter else {
      throw ConversionFailure(.internalError, "a program makes this, and not a decoder")
    }
    var conversion = conversion
    // What one file has been found to be need not be looked for again.
    if files.sources.count == 1 { conversion.from = step.from ?? conversion.from }
    do {
      // An earlier attempt may have left a longer output.
      try Basics.check("ftruncate", "output") { ftruncate(files.output, 0) }
      let file = try converter.convert(conversion, limits: limits, files: files, progress: progress)
      // Several files are hashed one by one, by who takes them apart.
      let hash =
        try file.list == nil ? SHA256.digest(ofFile: files.output, named: "output") : [UInt8](repeating: 0, count: 32)
      return ConversionOutcome(
        size: file.size, width: file.width, height: file.height, sha256: hash,
        warnings: ConversionWarning.sorted(file.warnings), list: file.list)
    } catch {
      throw ConversionFailure(of: error)
    }
  }

  /// Looks at the first bytes of each source, and tells who converts them.
  private func check(_ conversion: Conversion, _ files: ConversionFiles) throws(ConversionFailure) -> Step {
    if let from = conversion.from { _ = try find(from, conversion) }
    if let problem = problem(conversion, sources: files.sources.count, hasOverlay: files.overlay != nil) {
      throw ConversionFailure(.unsupportedConversion, problem.text)
    }
    var steps: [(step: Step, description: String)] = []
    for (index, source) in files.sources.enumerated() {
      do {
        steps.append(try check(source, conversion))
      } catch {
        throw files.sources.count > 1 ? error.ofFile(index) : error
      }
    }
    // What is asked for by a flag takes all files or none; another way of one of them does not do.
    if steps.contains(where: \.step.gathers), let other = steps.firstIndex(where: { !$0.step.gathers }) {
      throw Catalogue.refusal(of: steps[other].description, conversion).ofFile(other)
    }
    guard let found = steps.last?.step else { throw ConversionFailure(.internalError, "there is no file") }
    guard found.gathers || files.sources.count == 1 else {
      throw ConversionFailure(.internalError, "one output cannot be made of \(files.sources.count) files")
    }
    return found
  }

  private func check(_ file: Int32, _ conversion: Conversion) throws(ConversionFailure) -> (
    step: Step, description: String
  ) {
    let type: Sniffed
    do throws(SystemFailure) {
      type = try Sniffer.type(ofFile: file)
    } catch {
      throw ConversionFailure(error)
    }
    if let from = conversion.from, !type.may(be: from) {
      throw ConversionFailure(
        .formatMismatch, "the file was declared as \(from.title) but is \(type.description)")
    }
    // What goes into an archive goes as it is, also what is one.
    if conversion.from == nil, Format.packs.contains(conversion.to) {
      return (try find(nil, conversion), type.description)
    }
    let source = conversion.from ?? source(type, to: conversion.to, options: conversion.options)
    let step = try find(source, conversion, type.description)
    guard step.from == nil || !type.isLocked else { throw .locked }
    return (step, type.description)
  }

  private func find(
    _ source: Format?, _ conversion: Conversion, _ description: String? = nil
  ) throws(ConversionFailure) -> Step {
    if let step = directStep(from: source, to: conversion.to, conversion.options) { return step }
    if let description { throw Catalogue.refusal(of: description, conversion) }
    throw ConversionFailure(
      .unsupportedConversion, "\(source?.title ?? "this file") to \(conversion.to.title) is not offered")
  }

  private static func refusal(of description: String, _ conversion: Conversion) -> ConversionFailure {
    ConversionFailure(
      .unsupportedConversion, "the file is \(description), which cannot become \(conversion.to.title)")
  }
}
