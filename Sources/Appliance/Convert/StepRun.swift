import Basics
import Conversion
import Formats
import Glibc

/// The steps from files of the user to what was asked for, with what lies in between in files without names.
struct StepRun {
  /// A file that a step has made; whoever gets it closes it.
  struct Piece {
    let descriptor: Int32
    let outcome: ConversionOutcome
    let label: String?
  }

  let bench: any Bench
  let overlay: Int32?
  /// Where the first output of the last step goes; not closed here.
  let target: Int32
  let timeLimit: Duration
  let mostBytes: Int64
  let isWide: Bool
  let owner: Int64?
  let progress: (Int) -> Void
  private let isFirst = Once()

  init(
    bench: any Bench, overlay: Int32?, target: Int32, timeLimit: Duration, mostBytes: Int64 = .max, isWide: Bool,
    owner: Int64?, progress: @escaping (Int) -> Void
  ) {
    self.bench = bench
    self.overlay = overlay
    self.target = target
    self.timeLimit = timeLimit
    self.mostBytes = mostBytes
    self.isWide = isWide
    self.owner = owner
    self.progress = progress
  }

  /// What a way makes of one file.
  func follow(_ steps: ArraySlice<Step>, _ conversion: Conversion, _ sources: [Int32]) throws -> [Piece] {
    guard let step = steps.first else { throw ConversionFailure(.internalError, "a conversion has no steps") }
    guard steps.count > 1 else { return try make(step, conversion, sources, isLast: true) }
    let later = steps.dropFirst()
    var own = conversion
    (own.from, own.to) = (step.from, step.to)
    var rest = conversion.leaving(step, before: later)
    rest.from = step.to
    let half = try make(step, own.keeping(step, before: later), sources, isLast: false)
    defer { close(half) }
    var ends: [Piece] = []
    do {
      for piece in half {
        ends += try follow(later, rest, [piece.descriptor]).map { end in
          let label = half.count == 1 ? end.label : [piece.label, end.label].compactMap { $0 }.joined(separator: "-")
          return Piece(descriptor: end.descriptor, outcome: end.outcome, label: label)
        }
      }
    } catch {
      close(ends)
      throw error
    }
    return ends
  }

  /// Closes what is not the target.
  func close(_ pieces: [Piece]) {
    for piece in pieces where piece.descriptor != target { Glibc.close(piece.descriptor) }
  }

  /// One output of several files, each of which goes its way to the step that takes them all.
  func gather(_ paths: [[Step]], _ conversion: Conversion, _ sources: [Int32]) throws -> [Piece] {
    let lasts = paths.compactMap(\.last)
    guard let last = lasts.first, lasts.allSatisfy({ $0.maker.name == last.maker.name && $0.gathers }) else {
      throw ConversionFailure(
        .unsupportedConversion, "files of these formats do not go into one \(conversion.to.title)")
    }
    var ready: [Int32] = []
    var between: [Piece] = []
    defer { close(between) }
    for (path, source) in zip(paths, sources) {
      guard path.count > 1 else {
        ready.append(source)
        continue
      }
      let made = try follow(path.dropLast(), conversion.leaving(last), [source])
      between += made
      ready += made.map(\.descriptor)
    }
    var joint = conversion
    if !between.isEmpty { joint.from = last.from }
    return try make(last, between.isEmpty ? joint : joint.keeping(last), ready, isLast: true)
  }

  private func make(
    _ step: Step, _ conversion: Conversion, _ sources: [Int32], isLast: Bool
  ) throws -> [Piece] {
    // One of several files that go their way must not write over what another has made.
    let files = OpenFiles(isLast && isFirst.take() ? target : nil)
    do {
      let output = try files.another()
      var order = Order(
        step: step, conversion: conversion,
        files: ConversionFiles(
          sources: sources, overlay: step.offer.overlays.isEmpty ? nil : overlay, output: output),
        timeLimit: timeLimit, mostBytes: mostBytes,
        another: { () throws(ConversionFailure) in
          do throws(SystemFailure) { return try files.another() } catch { throw ConversionFailure(error) }
        })
      (order.owner, order.isWide) = (owner, isWide)
      return try bench.make(order, watch: Watch(progress: progress)).map {
        Piece(descriptor: $0.descriptor, outcome: $0.outcome, label: $0.label)
      }
    } catch {
      files.close()
      throw error
    }
  }

  /// True the first time it is asked.
  private final class Once {
    private var isTaken = false

    func take() -> Bool {
      defer { isTaken = true }
      return !isTaken
    }
  }

  /// The outputs of one step.
  private final class OpenFiles {
    private var first: Int32?
    private var all: [Int32] = []

    init(_ first: Int32?) { self.first = first }

    func another() throws(SystemFailure) -> Int32 {
      if let given = first {
        first = nil
        return given
      }
      let file = try AnonymousFile.make()
      all.append(file)
      return file
    }

    func close() { for file in all { Glibc.close(file) } }
  }
}
