import Basics
import Formats
import Pictures

/// Converts film and sound by ffmpeg, after a look at the file by ffprobe.
struct FFmpeg: Tool {
  let program = Program("ffmpeg", package: "ffmpeg")
  let companions = [Program("ffprobe", package: "ffmpeg")]
  let lane = Lane.media
  var name: String { program.name }

  /// The file that ffprobe writes.
  static let facts = "facts"
  static let palette = "palette.png"
  private static let cost = 10
  /// Films of 4096 x 2304 take more than one, at least with what their codecs look ahead.
  private static let memory: Int64 = 4 << 30

  /// Nothing else is made on the way to these or from them: who sends a picture does not ask for a film of it.
  var offers: [Offer] {
    let films = MediaKind.films
    return [
      Offer(
        from: films, to: films,
        options: FFmpeg.part + FFmpeg.filmOptions + FFmpeg.soundOptions + [FFmpeg.mute] + ConversionOption.watermarking,
        overlays: [.png], standsAlone: true, cost: FFmpeg.cost),
      Offer(
        from: [.gif], to: films, options: FFmpeg.part + FFmpeg.filmOptions, standsAlone: true, cost: FFmpeg.cost),
      Offer(
        from: films, to: [.gif], options: FFmpeg.part + FFmpeg.sizes + [FFmpeg.fps], standsAlone: true,
        cost: FFmpeg.cost),
      Offer(
        from: films + MediaKind.sounds, to: MediaKind.sounds, options: FFmpeg.part + FFmpeg.soundOptions,
        standsAlone: true, cost: FFmpeg.cost),
      Offer(
        from: films, to: MediaKind.stills, options: FFmpeg.sizes + [FFmpeg.columns, FFmpeg.rows, .quality, .grayscale],
        deed: .init(FFmpeg.storyboard, targets: "a storyboard is made as png or jpeg", count: ""), standsAlone: true,
        cost: FFmpeg.cost),
      Offer(
        from: films, to: MediaKind.stills, options: FFmpeg.sizes + [FFmpeg.time, .fit, .quality, .grayscale],
        standsAlone: true,
        cost: FFmpeg.cost),
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    guard let last = ends.last else { return probe(task) }
    guard last.code == 0 else { return nil }
    let plan = try MediaPlan(task)
    guard ends.count <= passes(task.conversion.to) else { return nil }
    let arguments =
      switch task.conversion.to {
      case .gif: FFmpeg.gif(plan, pass: ends.count)
      case .png, .jpeg, .webp: try FFmpeg.still(plan)
      default: MediaKind.of(task.conversion.to).map { FFmpeg.stream(plan, $0, task.overlay) } ?? []
      }
    // For the numbers of tracks, which it else draws from the processor's clock, for a fifth of a second.
    return ToolCall(
      arguments: input(task, plan) + arguments, needs: .random, memoryBytes: FFmpeg.memory,
      progressMark: FFmpeg.progressMark)
  }

  /// A GIF is made of a palette, which is made before.
  private func passes(_ target: Format) -> Int { target == .gif ? 2 : 1 }

  private static let progressMark = "out_time_us="

  /// What both programs are told of the source; files are all they may open, and this one by its own reader alone.
  private func source(_ task: ToolTask) -> [String] {
    ["-protocol_whitelist", "file,pipe"] + (MediaKind.of(task.conversion.from).map { ["-f", $0.demuxer] } ?? [])
  }

  private func probe(_ task: ToolTask) -> ToolCall {
    ToolCall(
      companions[0],
      arguments: ["-v", "error"] + source(task) + [
        "-show_entries", MediaFacts.entries, "-of", "json", "-o", FFmpeg.facts, task.sources.first ?? "",
      ])
  }

  private func input(_ task: ToolTask, _ plan: MediaPlan) -> [String] {
    var words = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    words += ["-progress", "pipe:1", "-stats_period", "0.5", "-filter_threads", "2", "-threads", "4"]
    words += ["-max_pixels", "\(MediaPlan.mostPixels)"] + source(task)
    if FFmpeg.skipsFrames(plan) { words += ["-skip_frame", "nokey"] }
    let start = FFmpeg.moment(plan) ?? plan.start
    if start > 0 { words += ["-ss", FFmpeg.time(start)] }
    // Also what does not tell how long it is has an end.
    words += ["-t", FFmpeg.time(min(plan.length ?? .infinity, MediaPlan.mostSeconds))]
    return words + ["-i", task.sources.first ?? ""]
  }

  /// In microseconds, for no number of ours is written with an exponent then.
  static func time(_ seconds: Double) -> String { "\(Int((seconds * 1e6).rounded()))us" }

  func percent(_ line: String, of task: ToolTask, after ends: [ToolEnd]) -> Int? {
    guard let microseconds = Int(line.dropFirst(FFmpeg.progressMark.count)), microseconds > 0,
      let length = (try? MediaPlan(task))?.length, length > 0
    else { return nil }
    let part = min(1, Double(microseconds) / 1e6 / length)
    return Int((Double(ends.count - 1) + part) * 100 / Double(passes(task.conversion.to)))
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if let end = ends.last, end.code != 0 { throw FFmpeg.failure(end) }
    let name = "out.\(task.conversion.to.fileExtension)"
    guard task.folder.bytes(of: name, atMost: 1)?.isEmpty == false else {
      throw ConversionFailure(.unsupportedConversion, "the file has nothing in the part that was asked for")
    }
    return [ToolResult(name)]
  }

  static let damaged = ConversionFailure(.damagedFile, "the file is damaged, or not one that ffmpeg reads")

  /// By what it has said last, where that means something.
  private static func failure(_ end: ToolEnd) -> ConversionFailure {
    let meanings: [(words: [String], failure: ConversionFailure)] = [
      (["Cannot allocate memory", "malloc of size"], .outOfMemory),
      (
        ["Decoder (codec", "no decoder found", "Decoding requested, but no decoder"],
        ConversionFailure(.unsupportedConversion, "the file is coded in a way that ffmpeg does not know here")
      ),
      (
        ["Unknown encoder", "encoder not found"],
        ConversionFailure(.unsupportedConversion, "ffmpeg has no coder for this target here")
      ),
      (
        ["encoder setup failed", "Error initializing output stream", "Error while opening encoder"],
        ConversionFailure(.unsupportedConversion, "the file cannot be coded with these options")
      ),
    ]
    return meanings.first { $0.words.contains(where: end.words.contains) }?.failure ?? damaged
  }
}
