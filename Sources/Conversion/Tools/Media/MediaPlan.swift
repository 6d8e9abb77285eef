import Formats
import Pictures

/// Which part of a film or sound is worked on, after a look at whether that may be.
struct MediaPlan {
  /// Two hours of work at most.
  static let mostSeconds = 7200.0
  /// A picture of 4096 x 2304; a larger one takes gigabytes.
  static let mostPixels = 4096 * 2304
  static let longestSide = 4096

  let facts: MediaFacts
  let target: Format
  let options: ConversionOptions
  /// In seconds.
  let start: Double
  /// Nil where the file does not tell.
  let length: Double?

  init(_ task: ToolTask) throws(ConversionFailure) {
    let bytes = task.folder.bytes(of: FFmpeg.facts, atMost: MediaFacts.mostBytes)
    guard let facts = bytes.flatMap(MediaFacts.init) else { throw FFmpeg.damaged }
    self.facts = facts
    (target, options) = (task.conversion.to, task.options)
    let start = options.decimal(FFmpeg.start) ?? 0
    self.start = start
    if let whole = facts.seconds, start >= whole {
      throw ConversionFailure(
        .unsupportedConversion, "the file lasts \(MediaPlan.words(whole)), which is less than start asks for")
    }
    let rest = facts.seconds.map { $0 - start }
    let wanted = options.decimal(FFmpeg.duration)
    length = wanted.map { wanted in rest.map { min($0, wanted) } ?? wanted } ?? rest
    try check(task)
  }

  private func check(_ task: ToolTask) throws(ConversionFailure) {
    let isSound = MediaKind.sounds.contains(target)
    if isSound, facts.sound == nil { throw ConversionFailure(.unsupportedConversion, "the file has no sound") }
    if !isSound {
      guard let film = facts.film else {
        throw ConversionFailure(.unsupportedConversion, "the file has no moving picture")
      }
      let most = min(MediaPlan.mostPixels, task.maxPixels)
      guard film.width <= most, film.height <= most, film.width * film.height <= most else {
        throw ConversionFailure(
          .tooManyPixels, "the film is \(film.width) x \(film.height) pixels, and may have \(most) in all")
      }
      let sides = [options.whole(.width), options.whole(.height)].compactMap { $0 }
      if let side = sides.first(where: { $0 > MediaPlan.longestSide }) {
        throw ConversionFailure(
          .tooManyPixels, "a film of \(side) pixels on a side is more than the \(MediaPlan.longestSide) it may have")
      }
    }
    if let length, length > MediaPlan.mostSeconds, !MediaKind.stills.contains(target) {
      throw ConversionFailure(
        .unsupportedConversion,
        "the file lasts \(MediaPlan.words(length)), and may last \(MediaPlan.words(MediaPlan.mostSeconds)); duration takes a part of it"
      )
    }
    let codec = (isSound ? facts.sound : facts.film)?.codec
    if codec == "unknown" || codec == "none" {
      throw ConversionFailure(.unsupportedConversion, "the file is coded in a way that ffmpeg does not know here")
    }
  }

  /// True when what there is may go as it is coded, for nothing about it is asked for.
  func copies(_ stream: MediaFacts.Stream?, unless wishes: [ConversionOption], into kind: MediaKind) -> Bool {
    guard let stream, kind.takes.contains(stream.codec), stream.pixels.isEmpty || stream.pixels == "yuv420p" else {
      return false
    }
    return (wishes + [FFmpeg.start, FFmpeg.duration]).allSatisfy { !options.asked.contains($0.name) }
  }

  /// For people, such as "2 h 5 min" or "12.5 s".
  static func words(_ seconds: Double) -> String {
    if seconds < 60 { return "\((seconds * 10).rounded() / 10) s" }
    let minutes = Int(min(seconds, 1e9) / 60)
    if minutes < 60 { return "\(minutes) min \(Int(seconds) % 60) s" }
    return "\(minutes / 60) h \(minutes % 60) min"
  }
}
