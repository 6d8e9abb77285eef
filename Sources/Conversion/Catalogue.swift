import Basics
import Glibc

/// The conversions that this server can do: pairs of formats and who does them.
package struct Catalogue: Sendable {
  private struct Pair: Hashable {
    /// Nil is any file, whatever it holds.
    let from: Format?
    let to: Format
  }

  private let converters: [Pair: any Converter]
  /// Every pair of two formats, in the order of `Format.all`; what any file can become is not repeated for each.
  package let pairs: [(from: Format, to: Format)]
  /// What `formats` gives; every submission asks for it.
  private let targetsBySource: [Format?: [Format]]
  /// The formats that can be looked into, and become more than any file can.
  package let sources: [Format]
  /// The formats that can be made of anything at all.
  package let targets: [Format]

  /// What is built in.
  package static let standard = Catalogue(
    groups: [
      (from: PictureSource.all.map(\.format), to: PictureTarget.all.map(\.format), by: ImageConverter()),
      (from: PictureSource.all.map(\.format), to: [.json], by: MetadataConverter()),
      (from: nil, to: Format.sums, by: HashConverter()),
      (from: nil, to: [.zip], by: ArchiveConverter()),
    ])

  /// Each group can convert any of its sources to any of its targets; the first group that knows a pair has it.
  init(groups: [(from: [Format]?, to: [Format], by: any Converter)]) {
    var converters: [Pair: any Converter] = [:]
    for group in groups {
      for source in group.from.map({ $0.map(Optional.some) }) ?? [nil] {
        for target in group.to where converters[Pair(from: source, to: target)] == nil {
          converters[Pair(from: source, to: target)] = group.by
        }
      }
    }
    func knows(_ source: Format?, _ target: Format) -> Bool { converters[Pair(from: source, to: target)] != nil }
    self.converters = converters
    let ofAny = Format.all.filter { knows(nil, $0) }
    var targetsBySource: [Format?: [Format]] = [nil: ofAny]
    for source in Format.all { targetsBySource[source] = Format.all.filter { knows(source, $0) || knows(nil, $0) } }
    self.targetsBySource = targetsBySource
    pairs = Format.all.flatMap { source in Format.all.filter { knows(source, $0) }.map { (from: source, to: $0) } }
    sources = Format.all.filter { source in Format.all.contains { knows(source, $0) } }
    targets = Format.all.filter { target in knows(nil, target) || Format.all.contains { knows($0, target) } }
  }

  /// The formats that can be made of a file of one format; nil is a file of no format that is known here, which can
  /// still become what any file can.
  package func formats(from source: Format?) -> [Format] { targetsBySource[source] ?? formatsOfAnyFile }

  /// The formats that any file can become, whatever it holds.
  package var formatsOfAnyFile: [Format] { targetsBySource[nil] ?? [] }

  /// Who converts this pair, or nil; a source of nil is a file of no known format.
  package func converter(from source: Format?, to target: Format) -> (any Converter)? {
    converters[Pair(from: source, to: target)] ?? converters[Pair(from: nil, to: target)]
  }

  /// What a file is taken for that is to become `target`: what its name says where that may be and can become it, else
  /// the likeliest that can.
  package func source(_ type: Sniffed, named name: String = "", to target: Format) -> Format? {
    let own = type.best(named: name)
    if type.candidates.count < 2 || converters[Pair(from: own, to: target)] != nil { return own }
    return type.candidates.first { converters[Pair(from: $0, to: target)] != nil } ?? own
  }

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
    if let problem = conversion.problem(sources: files.sources.count, hasOverlay: files.overlay != nil) {
      throw ConversionFailure(.unsupportedConversion, problem.text)
    }
    guard conversion.isJoint || files.sources.count == 1 else {
      throw ConversionFailure(.internalError, "one output cannot be made of \(files.sources.count) files")
    }
    if conversion.from != nil { _ = try find(conversion.from, conversion.to) }
    var found: (any Converter)?
    for (index, source) in files.sources.enumerated() {
      do {
        found = try check(source, conversion)
      } catch {
        throw files.sources.count > 1 ? error.ofFile(index) : error
      }
    }
    guard let found else { throw ConversionFailure(.internalError, "there is no file") }
    if conversion.options.flag(.compare) { return ComparisonConverter() }
    return conversion.isJoint && conversion.to == .pdf ? PageConverter() : found
  }

  private func check(_ source: Int32, _ conversion: Conversion) throws(ConversionFailure) -> any Converter {
    let type: Sniffed
    do throws(SystemFailure) {
      type = try Sniffer.type(ofFile: source)
    } catch {
      throw ConversionFailure(error)
    }
    if let from = conversion.from, !type.may(be: from) {
      throw ConversionFailure(
        .formatMismatch, "the file was declared as \(from.title) but is \(type.description)")
    }
    return try find(conversion.from ?? self.source(type, to: conversion.to), conversion.to, type.description)
  }

  private func find(
    _ source: Format?, _ target: Format, _ description: String? = nil
  ) throws(ConversionFailure) -> any Converter {
    if let converter = converter(from: source, to: target) { return converter }
    let problem =
      description.map { "the file is \($0), which cannot become \(target.title)" }
      ?? "\(source?.title ?? "this file") to \(target.title) is not offered"
    throw ConversionFailure(.unsupportedConversion, problem)
  }
}
