import Basics
package import Formats
import Glibc

extension Catalogue {
  /// Converts in this process: for the sandboxed child, and for a user's own files.
  package func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void = { _ in }
  ) throws(ConversionFailure) -> ConversionOutcome {
    let converter = try check(conversion, files)
    do {
      // An earlier attempt may have left a longer output.
      try Basics.check("ftruncate", "output") { ftruncate(files.output, 0) }
      let file = try converter.convert(conversion, limits: limits, files: files, progress: progress)
      let hash = try SHA256.digest(ofFile: files.output, named: "output")
      return ConversionOutcome(
        size: file.size, width: file.width, height: file.height, sha256: hash,
        warnings: ConversionWarning.sorted(file.warnings))
    } catch let failure as SystemFailure {
      throw ConversionFailure(failure)
    } catch let failure as ConversionFailure {
      throw failure
    } catch {
      throw ConversionFailure(.internalError, "the conversion failed")
    }
  }

  /// Looks at the first bytes of each source, and tells who converts them.
  private func check(_ conversion: Conversion, _ files: ConversionFiles) throws(ConversionFailure) -> any Converter {
    let isJoint = files.sources.count > 1
    if let from = conversion.from { _ = try find(from, conversion, isJoint) }
    if let problem = problem(conversion, sources: files.sources.count, hasOverlay: files.overlay != nil) {
      throw ConversionFailure(.unsupportedConversion, problem.text)
    }
    var found: Step?
    for (index, source) in files.sources.enumerated() {
      do {
        found = try check(source, conversion, isJoint)
      } catch {
        throw isJoint ? error.ofFile(index) : error
      }
    }
    guard let found, let converter = found.maker as? any Converter else {
      throw ConversionFailure(.internalError, "there is no file")
    }
    return converter
  }

  private func check(
    _ file: Int32, _ conversion: Conversion, _ isJoint: Bool
  ) throws(ConversionFailure) -> Step {
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
    return try find(conversion.from ?? source(type, to: conversion.to), conversion, isJoint, type.description)
  }

  private func find(
    _ source: Format?, _ conversion: Conversion, _ isJoint: Bool, _ description: String? = nil
  ) throws(ConversionFailure) -> Step {
    if let step = directStep(from: source, to: conversion.to, conversion.options), step.gathers || !isJoint {
      return step
    }
    let target = conversion.to.title
    let problem =
      description.map { "the file is \($0), which cannot become \(target)" }
      ?? "\(source?.title ?? "this file") to \(target) is not offered"
    throw ConversionFailure(.unsupportedConversion, problem)
  }
}
