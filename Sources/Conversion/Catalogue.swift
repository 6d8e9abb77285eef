import Basics
import Glibc

/// The conversions that this server can do: pairs of formats and who does them.
package struct Catalogue: Sendable {
  private struct Pair: Hashable {
    let from: Format
    let to: Format
  }

  private let converters: [Pair: any Converter]
  /// Every pair, in the order of `Format.all`.
  package let pairs: [(from: Format, to: Format)]

  /// What is built in.
  package static let standard = Catalogue(
    groups: [
      (from: PictureSource.all.map(\.format), to: PictureTarget.all.map(\.format), by: ImageConverter()),
      (from: PictureSource.all.map(\.format), to: [.json], by: MetadataConverter()),
    ])

  /// Each group can convert any of its sources to any of its targets; the first group that knows a pair has it.
  init(groups: [(from: [Format], to: [Format], by: any Converter)]) {
    var converters: [Pair: any Converter] = [:]
    for group in groups {
      for source in group.from {
        for target in group.to where converters[Pair(from: source, to: target)] == nil {
          converters[Pair(from: source, to: target)] = group.by
        }
      }
    }
    self.converters = converters
    pairs = Format.all.flatMap { source in
      Format.all.filter { converters[Pair(from: source, to: $0)] != nil }.map { (from: source, to: $0) }
    }
  }

  /// The formats that can be made of one.
  package func formats(from source: Format) -> [Format] {
    pairs.filter { $0.from == source }.map(\.to)
  }

  /// The formats that can be read.
  package var sources: [Format] { Format.all.filter { !formats(from: $0).isEmpty } }

  /// Who converts this pair, or nil.
  package func converter(from source: Format, to target: Format) -> (any Converter)? {
    converters[Pair(from: source, to: target)]
  }

  /// Converts in this process: for the sandboxed child, and for a user's own files.
  package func convert(
    _ conversion: Conversion, limits: ConversionLimits, input: Int32, output: Int32, progress: (Int) -> Void = { _ in }
  ) throws(ConversionFailure) -> ConversionOutcome {
    guard let converter = converter(from: conversion.from, to: conversion.to) else {
      throw ConversionFailure(
        .unsupportedConversion, "\(conversion.from.title) to \(conversion.to.title) is not offered")
    }
    do {
      let type = try Sniffer.type(ofFile: input)
      guard type.format == conversion.from else {
        throw ConversionFailure(
          .formatMismatch, "the file was declared as \(conversion.from.title) but is \(type.description)")
      }
      // An earlier attempt may have left a longer output.
      try check("ftruncate", "output") { ftruncate(output, 0) }
      let file = try converter.convert(conversion, limits: limits, input: input, output: output, progress: progress)
      let hash = try SHA256.digest(ofFile: output, named: "output")
      return ConversionOutcome(size: file.size, width: file.width, height: file.height, sha256: hash)
    } catch let failure as SystemFailure {
      throw ConversionFailure(failure)
    } catch let failure as ConversionFailure {
      throw failure
    } catch {
      throw ConversionFailure(.internalError, "the conversion failed")
    }
  }
}
