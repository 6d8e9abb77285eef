import Basics
import Conversion
import Formats
import Glibc

/// The steps from files of the user to what was asked for, with what lies in between in files without names.
struct StepRun: StepMaking {
  struct Piece: MadePiece {
    let descriptor: Int32
    let outcome: ConversionOutcome
    var label: String?
    let part: FilePart?
  }

  let bench: any Bench
  let overlay: Int32?
  /// Takes the first output of the step that ends the way; not closed here.
  let target: Int32
  let timeLimit: Duration
  let isWide: Bool
  let owner: Int64?

  /// Closes what is not the target.
  func drop(_ piece: Piece) { if piece.descriptor != target { close(piece.descriptor) } }

  func abandon(_ piece: Piece) { drop(piece) }

  func make(
    _ step: Step, _ conversion: Conversion, _ sources: [Int32], bytes: Int64, isEnd: Bool,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece] {
    let files = OpenFiles()
    do {
      var order = Order(
        step: step, conversion: conversion,
        files: ConversionFiles(
          sources: sources, overlay: step.offer.overlays.isEmpty ? nil : overlay,
          output: try isEnd ? target : files.another()),
        timeLimit: timeLimit, mostBytes: .max,
        another: { () throws(ConversionFailure) in
          do throws(SystemFailure) { return try files.another() } catch { throw ConversionFailure(error) }
        })
      (order.owner, order.isWide) = (owner, isWide)
      return try bench.make(order, watch: Watch(progress: progress)).map {
        Piece(descriptor: $0.descriptor, outcome: $0.outcome, label: $0.label, part: $0.part)
      }
    } catch {
      files.close()
      throw error
    }
  }

  /// The outputs of one step.
  private final class OpenFiles {
    private var all: [Int32] = []

    func another() throws(SystemFailure) -> Int32 {
      let file = try AnonymousFile.make()
      all.append(file)
      return file
    }

    func close() { for file in all { Glibc.close(file) } }
  }
}
