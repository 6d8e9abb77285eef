import Basics
import Formats
import Glibc
import TestSupport
import XCTest

@testable import Conversion

/// Conversions by the programs of this machine, over all steps of their ways, without a server.
struct ToolWorkshop {
  struct Made {
    let bytes: [UInt8]
    let label: String?
  }

  let found: Toolbox
  let catalogue: Catalogue
  var masked: ToolConfinement = []
  var maxPixels = ConversionLimits().maxPixels
  /// Where the programs have their folders.
  let directory: TemporaryDirectory

  /// Skips the test where a program is not here.
  init(needing programs: [String], masked: ToolConfinement = []) throws {
    let found = Toolbox.find()
    self.found = found
    let all = Makers.all.compactMap { $0 as? any Tool }.flatMap(\.programs)
    for name in programs {
      let program = try XCTUnwrap(all.first { $0.name == name })
      try XCTSkipIf(found.path(of: program) == nil, "\(name) is not here: apt-get install \(program.package)")
    }
    // Without the others, so that a way is the one that a test is about.
    let wanted = all.filter { programs.contains($0.name) }
    let paths = wanted.compactMap { program in found.path(of: program).map { (program.name, $0) } }
    catalogue = Catalogue(found: Toolbox(paths: Dictionary(paths) { $1 }))
    self.masked = masked
    directory = try TemporaryDirectory()
  }

  func way(_ from: Format, _ to: Format, _ options: [String: String] = [:]) throws -> [Step] {
    let conversion = Conversion(from: from, to: to, options: try ConversionOptions(options))
    return try XCTUnwrap(catalogue.steps(of: conversion), "\(from) to \(to) \(options)")
  }

  /// The only output.
  func make(
    _ bytes: [UInt8], _ from: Format, _ to: Format, _ options: [String: String] = [:]
  ) throws -> [UInt8] {
    let made = try makeAll(bytes, from, to, options)
    XCTAssertEqual(made.count, 1)
    return try XCTUnwrap(made.first).bytes
  }

  func makeAll(
    _ bytes: [UInt8], _ from: Format, _ to: Format, _ options: [String: String] = [:]
  ) throws -> [Made] {
    let conversion = Conversion(from: from, to: to, options: try ConversionOptions(options))
    let steps = try way(from, to, options)
    let made = try follow(steps[...], conversion, Made(bytes: bytes, label: nil))
    let left = try Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }
    XCTAssertEqual(left, [], "what a program has left")
    return made
  }

  func failure(
    _ bytes: [UInt8], _ from: Format, _ to: Format, _ options: [String: String] = [:]
  ) throws -> ConversionFailure? {
    do {
      let made = try makeAll(bytes, from, to, options)
      XCTFail("made \(made.map(\.bytes.count)) bytes")
      return nil
    } catch {
      return error as? ConversionFailure
    }
  }

  private func follow(_ steps: ArraySlice<Step>, _ conversion: Conversion, _ source: Made) throws -> [Made] {
    guard let step = steps.first else { return [source] }
    var own = conversion.keeping(step, before: steps.dropFirst())
    (own.from, own.to) = (step.from, step.to)
    var rest = conversion.leaving(step, before: steps.dropFirst())
    rest.from = step.to
    return try call(step, own, source.bytes).flatMap { made in
      try follow(steps.dropFirst(), rest, Made(bytes: made.bytes, label: made.label ?? source.label))
    }
  }

  private func call(_ step: Step, _ conversion: Conversion, _ bytes: [UInt8]) throws -> [Made] {
    let source = try TestFile(bytes)
    var outputs = [try TestFile()]
    let files = ConversionFiles(sources: [source.descriptor], output: outputs[0].descriptor)
    var limits = ConversionLimits()
    limits.maxPixels = maxPixels
    guard step.maker is any Tool else {
      _ = try Catalogue.standard.convert(conversion, limits: limits, files: files)
      return [Made(bytes: outputs[0].bytes, label: nil)]
    }
    let bench = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: found, spool: Spool(path: directory.path), level: .weak,
      masked: masked, maxPixels: maxPixels, log: .silent)
    let order = Order(
      step: step, conversion: conversion, files: files, timeLimit: .seconds(120), mostBytes: 1 << 30,
      another: { () throws(ConversionFailure) in
        guard let file = try? TestFile() else { throw ConversionFailure(.internalError, "no file") }
        outputs.append(file)
        return file.descriptor
      })
    return try bench.make(order, watch: Watch()).map { file in
      Made(bytes: outputs.first { $0.descriptor == file.descriptor }?.bytes ?? [], label: file.label)
    }
  }
}

extension ToolWorkshop {
  static let vips = ["vips", "vipsheader", "vipsthumbnail"]
  static let webp = ["cwebp", "dwebp", "webpmux"]

  /// The pixels of any picture, by ways to PNG; without an alpha that says nothing.
  func picture(_ bytes: [UInt8], _ from: Format, _ options: [String: String] = [:]) throws -> Picture {
    let picture = try Picture(png: try TestFile(from == .png ? bytes : make(bytes, from, .png, options)))
    let places = 0..<picture.width * picture.height
    guard picture.channels == 4, places.allSatisfy({ picture.samples[$0 * 4 + 3] == 255 }) else { return picture }
    return Picture(picture.width, picture.height, 3) { x, y, channel in
      Int(picture.samples[(y * picture.width + x) * 4 + channel])
    }
  }
}
