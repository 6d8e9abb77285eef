package import Formats

/// A file that a step has made on the way.
package protocol MadePiece {
  var descriptor: Int32 { get }
  var outcome: ConversionOutcome { get }
  /// What tells it from the others of the same source.
  var label: String? { get set }
}

/// Goes over the steps from files to what was asked for; whoever has the files says how one step is made.
package protocol StepMaking {
  associatedtype Piece: MadePiece

  /// Makes one step of files that have so many bytes together; `isEnd` where what it makes is what was asked for, and the
  /// only way to it.
  func make(
    _ step: Step, _ conversion: Conversion, _ sources: [Int32], bytes: Int64, isEnd: Bool,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece]

  /// Lets go of what another step has been made of.
  func drop(_ piece: Piece)

  /// Closes what was made before the rest of it failed.
  func abandon(_ piece: Piece)
}

extension StepMaking {
  /// What a way makes of one file, and of each file that a step on it makes.
  package func follow(
    _ steps: ArraySlice<Step>, _ conversion: Conversion, _ sources: [Int32], bytes: Int64, isEnd: Bool = true,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece] {
    guard let step = steps.first else { throw ConversionFailure(.internalError, "a conversion has no steps") }
    guard steps.count > 1 else { return try make(step, conversion, sources, bytes: bytes, isEnd: isEnd, progress) }
    let later = steps.dropFirst()
    var own = conversion
    (own.from, own.to) = (step.from, step.to)
    var rest = conversion.leaving(step, before: later)
    rest.from = step.to
    let half = try make(step, own.keeping(step, before: later), sources, bytes: bytes, isEnd: false) {
      progress($0 / steps.count)
    }
    defer { half.forEach(drop) }
    var ends: [Piece] = []
    do {
      for piece in half {
        let made = try follow(
          later, rest, [piece.descriptor], bytes: piece.outcome.size, isEnd: isEnd && half.count == 1, progress)
        ends += made.map { end in
          var end = end
          if half.count > 1 { end.label = [piece.label, end.label].compactMap { $0 }.joined(separator: "-") }
          return end
        }
      }
    } catch {
      ends.forEach(abandon)
      throw error
    }
    return ends
  }

  /// What a way makes of one file; where its maker finds that the file is beyond it, what another way does.
  package func follow(
    _ steps: [Step], _ conversion: Conversion, _ source: Int32, bytes: Int64, otherwise: () -> [Step]?,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece] {
    do {
      return try follow(steps[...], conversion, [source], bytes: bytes, progress)
    } catch let failure as ConversionFailure where failure.isOfMaker {
      guard let other = otherwise() else { throw failure }
      return try follow(other[...], conversion, [source], bytes: bytes, progress)
    }
  }

  /// What all files become together, each of which goes its way to the step that takes them all.
  package func gather(
    _ paths: [[Step]], _ conversion: Conversion, _ sources: [(descriptor: Int32, bytes: Int64)],
    by catalogue: @autoclosure () -> Catalogue,
    _ progress: @escaping (Int) -> Void
  ) throws -> [Piece] {
    let (before, last) = try Catalogue.join(paths, conversion, by: catalogue)
    var ready: [Int32] = []
    var pieces: [Piece] = []
    defer { pieces.forEach(drop) }
    for (index, steps) in before.enumerated() {
      guard !steps.isEmpty else {
        ready.append(sources[index].descriptor)
        continue
      }
      let made = try follow(
        steps[...], conversion.leaving(last), [sources[index].descriptor], bytes: sources[index].bytes, isEnd: false
      ) { progress((index * 100 + $0) / (sources.count + 1)) }
      pieces += made
      // The pages of a file stand where it stood.
      ready += made.map(\.descriptor)
    }
    if let range = last.offer.gathers, !range.contains(ready.count) {
      throw ConversionFailure(
        .unsupportedConversion,
        "the files have \(ready.count) pages together, and at most \(range.upperBound) go into one output")
    }
    var joint = conversion
    if !pieces.isEmpty {
      joint.from = last.from
      joint = joint.keeping(last)
    }
    return try follow([last], joint, ready, bytes: sources.reduce(0) { $0 + $1.bytes }, progress)
  }
}
