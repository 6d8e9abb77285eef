import Basics
import Conversion
import Formats
import Glibc
import TestSupport
import XCTest

/// Converts as the server does, by the real programs under their confinement, with what is built in beside them.
struct PDFTrial {
  struct Made {
    let bytes: [UInt8]
    let label: String?
  }

  let catalogue: Catalogue
  private let toolbox: Toolbox
  var masked: ToolConfinement = []
  var maxPixels = ConversionLimits().maxPixels
  var timeLimit = Duration.seconds(60)
  var mostBytes: Int64 = 64 << 20
  var progress: (Int) -> Void = { _ in }

  init() throws {
    toolbox = Toolbox.find()
    let needed = [
      ("qpdf", "qpdf"), ("pdfinfo", "poppler-utils"), ("pdftoppm", "poppler-utils"), ("gs", "ghostscript"),
    ]
    for (name, package) in needed {
      try XCTSkipIf(
        toolbox.path(of: Program(name, package: package)) == nil, "\(name) is not here: apt-get install \(package)")
    }
    // What a browser makes is tried elsewhere.
    catalogue = Catalogue(makers: Makers.all.filter { !($0 is any PageMaker) }, found: toolbox)
  }

  /// All files that come of the sources.
  func make(
    _ sources: [[UInt8]], _ texts: [String: String] = [:], from: Format = .pdf, to: Format = .pdf,
    overlay: [UInt8]? = nil
  ) throws -> [Made] {
    let options = try ConversionOptions(texts, among: catalogue.options)
    let conversion = Conversion(from: from, to: to, options: options)
    guard let steps = catalogue.steps(of: conversion) else {
      let problem = catalogue.problem(conversion, sources: sources.count, hasOverlay: overlay != nil)
      throw ConversionFailure(.unsupportedConversion, problem.map { "\($0.option ?? "") \($0.text)" } ?? "no way")
    }
    return try follow(steps[...], conversion, sources, overlay)
  }

  func make(
    _ source: [UInt8], _ texts: [String: String] = [:], from: Format = .pdf, to: Format = .pdf,
    overlay: [UInt8]? = nil
  ) throws -> [Made] {
    try make([source], texts, from: from, to: to, overlay: overlay)
  }

  private func follow(
    _ steps: ArraySlice<Step>, _ conversion: Conversion, _ sources: [[UInt8]], _ overlay: [UInt8]?
  ) throws -> [Made] {
    guard let step = steps.first else { return [] }
    var own = conversion
    (own.from, own.to) = (step.from, step.to)
    own = own.keeping(step)
    let half = try call(step, own, sources, overlay)
    guard steps.count > 1 else { return half }
    var rest = conversion.leaving(step)
    rest.from = step.to
    return try half.flatMap { piece in
      try follow(steps.dropFirst(), rest, [piece.bytes], overlay).map { Made(bytes: $0.bytes, label: piece.label) }
    }
  }

  private func call(
    _ step: Step, _ conversion: Conversion, _ sources: [[UInt8]], _ overlay: [UInt8]?
  ) throws -> [Made] {
    let files = try sources.map { try TestFile($0) }
    let over = step.offer.overlays.isEmpty ? nil : try overlay.map { try TestFile($0) }
    var outputs = [try TestFile()]
    let open = ConversionFiles(
      sources: files.map(\.descriptor), overlay: over?.descriptor, output: outputs[0].descriptor)
    guard step.maker is any Tool else {
      _ = try catalogue.convert(conversion, limits: ConversionLimits(), files: open)
      return [Made(bytes: outputs[0].bytes, label: nil)]
    }
    let directory = try TemporaryDirectory()
    let bench = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: toolbox, spool: Spool(path: directory.path), level: .weak,
      masked: masked, maxPixels: maxPixels, log: .silent)
    let order = Order(
      step: step, conversion: conversion, files: open, timeLimit: timeLimit, mostBytes: mostBytes,
      another: { () throws(ConversionFailure) in
        guard let file = try? TestFile() else { throw ConversionFailure(.internalError, "no file") }
        outputs.append(file)
        return file.descriptor
      })
    defer { XCTAssertEqual(try? Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }, [], "what is left") }
    return try bench.make(order, watch: Watch(progress: progress)).map { file in
      Made(bytes: outputs.first { $0.descriptor == file.descriptor }?.bytes ?? [], label: file.label)
    }
  }

  /// What a conversion fails with; records a failure when it does not.
  func failure(
    _ sources: [[UInt8]], _ texts: [String: String] = [:], from: Format = .pdf, to: Format = .pdf
  ) -> ConversionFailure? {
    do {
      let made = try make(sources, texts, from: from, to: to)
      XCTFail("made \(made.count) files of \(texts)")
    } catch let failure as ConversionFailure {
      return failure
    } catch {
      XCTFail("\(error)")
    }
    return nil
  }
}

/// A document looked at by programs that have not made it.
struct SeenPDF {
  private let directory: TemporaryDirectory
  let path: String

  init(_ bytes: [UInt8]) throws {
    directory = try TemporaryDirectory()
    path = try directory.file("seen.pdf", bytes)
  }

  func run(_ words: String...) throws -> Shell.Result { try Shell.run(words + [path]) }

  /// Complaints of qpdf's check; empty when it has none.
  func complaints(password: String? = nil) throws -> String {
    let result = try Shell.run(["qpdf", "--check"] + (password.map { ["--password=\($0)"] } ?? []) + [path])
    return result.code == 0 ? "" : result.text
  }

  var pageCount: Int { get throws { Int(try run("qpdf", "--show-npages").text.prefix(while: \.isNumber)) ?? 0 } }

  /// The text of each page.
  var texts: [String] {
    get throws {
      let result = try Shell.run("pdftotext", path, "-")
      return result.text.split(separator: "\u{C}", omittingEmptySubsequences: false).dropLast().map {
        $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
    }
  }

  func info(_ name: String) throws -> String? {
    try run("pdfinfo", "-f", "1", "-l", "50").text.split(separator: "\n").first { $0.hasPrefix(name) }.map {
      $0.dropFirst(name.count).drop { $0 == ":" || $0 == " " }.description
    }
  }
}
