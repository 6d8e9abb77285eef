import Basics
import Conversion
import Formats
import Glibc
import Storage

/// The steps from the files of a job to what was asked for.
extension JobWork: StepMaking {
  /// What a step has made that another one goes on with, or the job ends with.
  struct Piece: MadePiece {
    let path: String
    let descriptor: Int32
    let outcome: ConversionOutcome
    var label: String?
    let part: FilePart?
  }

  /// The outputs of one source.
  func makeEach(
    _ conversion: Conversion, _ source: Input, name: String, _ progress: @escaping (Int) -> Void
  ) throws -> [Made] {
    let file = try open(source)
    defer { close(file) }
    let path = try path(of: conversion, source, file)
    let pieces = try follow(
      path, conversion, file, bytes: source.size ?? 0,
      otherwise: { catalogue.way(instead: path, of: conversion) }, progress)
    defer { for piece in pieces { close(piece.descriptor) } }
    return pieces.map { made($0, conversion, source, name) }
  }

  /// One output of all sources.
  func makeTogether(
    _ conversion: Conversion, _ sources: [Input], _ progress: @escaping (Int) -> Void
  ) throws -> Made {
    var files: [Int32] = []
    defer { for file in files { close(file) } }
    for source in sources { files.append(try open(source)) }
    let paths = try zip(sources, files).map { try path(of: conversion, $0, $1) }
    let made = try gather(
      paths, conversion, zip(sources, files).map { ($1, $0.size ?? 0) }, by: catalogue, progress)
    defer { for piece in made { close(piece.descriptor) } }
    guard made.count == 1 else { throw ConversionFailure(.internalError, "all files became several") }
    let isArchive = sources.count > 1 && Format.packs.contains(conversion.to)
    let own = FileNames.output(for: isArchive ? "archive" : sources[0].fileName, as: conversion.to)
    return self.made(made[0], conversion, sources.count == 1 ? sources[0] : nil, own)
  }

  /// Each file's own way; where files of any format were taken, by what it is, if that can make a difference.
  private func path(of conversion: Conversion, _ source: Input, _ file: Int32) throws -> [Step] {
    var found = conversion
    if found.from == nil, Format.packs.contains(found.to), let steps = catalogue.steps(of: found) { return steps }
    if found.from == nil, catalogue.hasTools {
      found.from = catalogue.source(
        try Sniffer.type(ofFile: file), named: source.fileName, to: conversion.to, options: conversion.options)
    }
    if let path = catalogue.steps(of: found) { return path }
    // What opens other files of the job may mean nothing to one of this kind.
    found.options = try task.options(among: catalogue.options, secrets)
    if let path = catalogue.steps(of: found) { return path }
    throw unavailable(found)
  }

  /// What a conversion that was possible when it was asked for fails with.
  func unavailable(_ conversion: Conversion) -> ConversionFailure {
    catalogue.absent(from: conversion.from, to: conversion.to, options: conversion.options)?.failure
      ?? ConversionFailure(.unsupportedConversion, "this conversion is no longer available")
  }

  /// One step with its outputs in the spool.
  func make(
    _ step: Step, _ conversion: Conversion, _ sources: [Int32], bytes: Int64, isEnd: Bool,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece] {
    let overlay = step.offer.overlays.isEmpty || goesOn ? nil : inputs.first { $0.role == .overlay }
    guard let overlay else { return try make(step, conversion, sources, overlay: nil, bytes: bytes, progress) }
    let file = try open(overlay)
    defer { close(file) }
    let page = try self.page(of: overlay, file, for: step)
    defer { if let page { drop(page) } }
    return try make(step, conversion, sources, overlay: page?.descriptor ?? file, bytes: bytes, progress)
  }

  /// A picture as what a step can lay over what it makes: a page of its own over those of a document, and a PNG where the
  /// step does not read it, of several the first one; nil for what is taken as it is.
  private func page(of overlay: Input, _ file: Int32, for step: Step) throws -> Piece? {
    let picture = try Sniffer.type(ofFile: file).best(named: overlay.fileName)
    let taken = step.offer.overlays
    guard let picture, picture.category == .image, !taken.contains(picture) else { return nil }
    let conversion = Conversion(from: picture, to: taken == [.pdf] ? .pdf : .png, options: ConversionOptions())
    guard let path = catalogue.steps(of: conversion), path.count == 1 else { throw unavailable(conversion) }
    let pages = try make(path[0], conversion, [file], overlay: nil, bytes: overlay.size ?? 0) { _ in }
    for further in pages.dropFirst() { drop(further) }
    return pages.first
  }

  private func make(
    _ step: Step, _ conversion: Conversion, _ sources: [Int32], overlay: Int32?, bytes: Int64,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece] {
    let (path, target) = try makeOutput()
    let outputs = Outputs((path, target))
    // The outputs that were opened before tell the steps of a job apart, in each attempt alike.
    let key = "\(job.id) \(opened)"
    let files = ConversionFiles(sources: sources, overlay: overlay, output: target)
    // A large file takes so much longer than a new child that it may as well have one.
    let isSmall = bytes < Queue.smallBytes
    do {
      let made = try workplace.room.make(target, others: { outputs.further }, isOver: checkTime) { mostBytes in
        outputs.begin()
        let left = Duration.nanoseconds(deadline - clock.monotonic())
        var order = Order(
          step: step, conversion: conversion, files: files,
          timeLimit: max(.milliseconds(1), min(timeLimit, left)), mostBytes: mostBytes,
          another: { () throws(ConversionFailure) in try self.another(outputs) })
        order.owner = isSmall ? job.workspaceID : nil
        order.isWide = isWide
        order.isOffline = isOffline
        // A large file takes hundreds of times longer than a small one, and one workspace may have many workers: neither
        // keeps the only small job of another one waiting for a processor.
        order.yields = !isSmall || isExtra()
        order.key = key
        return try bench.make(
          order,
          watch: Watch(progress: progress, isCanceled: isCanceled, waited: { [self] in deadline += $0.nanoseconds }))
      }
      // Nobody reads these files again soon, and the next upload is written faster where one was than into fresh memory.
      // The overlay stays, for the job's next file needs it too.
      for source in sources { posix_fadvise(source, 0, 0, POSIX_FADV_DONTNEED) }
      outputs.close(but: made.map(\.descriptor))
      return made.compactMap { file in
        outputs.path(of: file.descriptor).map {
          Piece(path: $0, descriptor: file.descriptor, outcome: file.outcome, label: file.label, part: file.part)
        }
      }
    } catch {
      outputs.close()
      throw error
    }
  }

  /// One more output for a step that makes several.
  private func another(_ outputs: Outputs) throws(ConversionFailure) -> Int32 {
    if let old = outputs.next() { return old }
    do {
      return outputs.add(try makeOutput())
    } catch let failure as SystemFailure {
      throw ConversionFailure(failure)
    } catch {
      throw ConversionFailure(.internalError, "the server could not make a file")
    }
  }

  func drop(_ piece: Piece) {
    close(piece.descriptor)
    workplace.drop(piece.path, bytes: piece.outcome.size)
  }

  /// The file goes with the attempt.
  func abandon(_ piece: Piece) { close(piece.descriptor) }

  private func made(_ piece: Piece, _ conversion: Conversion, _ source: Input?, _ name: String) -> Made {
    let outcome = piece.outcome
    let own = piece.part.map { FileNames.part($0.name, of: source?.fileName ?? name, as: $0.format) }
    var output = NewOutput(
      inputID: source.flatMap { $0.id == 0 ? nil : $0.id },
      fileName: own ?? piece.label.map { FileNames.labelled(name, $0) } ?? name,
      mediaType: piece.part?.format?.mediaType ?? conversion.to.mediaType, size: outcome.size, sha256: outcome.sha256,
      width: outcome.width,
      height: outcome.height, warnings: ConversionWarning.text(outcome.warnings))
    output.task = number
    output.path = piece.part?.name
    return Made(path: piece.path, output: output)
  }

  /// The open outputs of one step; an attempt with more room takes the same ones again.
  private final class Outputs {
    private var all: [(path: String, descriptor: Int32)]
    private var taken = 1

    init(_ first: (path: String, descriptor: Int32)) { all = [first] }

    var further: [Int32] { all.dropFirst().map(\.descriptor) }

    func begin() { taken = 1 }

    func next() -> Int32? {
      guard taken < all.count else { return nil }
      defer { taken += 1 }
      return all[taken].descriptor
    }

    func add(_ file: (path: String, descriptor: Int32)) -> Int32 {
      all.append(file)
      taken += 1
      return file.descriptor
    }

    func path(of descriptor: Int32) -> String? { all.first { $0.descriptor == descriptor }?.path }

    func close(but kept: [Int32] = []) {
      for file in all where !kept.contains(file.descriptor) { Glibc.close(file.descriptor) }
    }
  }
}
