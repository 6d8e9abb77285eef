import Basics
import Formats
import Pictures

/// Films and sounds: what is coded anew, and how.
extension FFmpeg {
  /// `overlay` is a PNG to lay over a film.
  static func stream(_ plan: MediaPlan, _ kind: MediaKind, _ overlay: String? = nil) -> [String] {
    var words: [String] = []
    if let codec = kind.film {
      let copies = overlay == nil && plan.copies(plan.facts.film, unless: filmOptions, into: kind)
      let pixels = filters(plan).joined(separator: ",")
      if let overlay {
        words += ["-protocol_whitelist", "file,pipe", "-max_pixels", "\(MediaPlan.mostPixels)", "-f", "png_pipe"]
        words += ["-i", overlay, "-filter_complex", watermarked(pixels, plan.options), "-map", "[marked]"]
      } else {
        words += ["-map", "0:V:0"] + (copies ? [] : ["-vf", pixels])
      }
      words += ["-c:v"] + (copies ? ["copy"] : film(plan, codec))
    }
    if let codec = kind.sound, let sound = plan.facts.sound, !plan.options.flag(mute) {
      words += ["-map", "0:a:0"]
      let copies = plan.copies(sound, unless: soundOptions, into: kind)
      words += copies ? ["-c:a", "copy"] : Self.sound(plan, codec, sound)
    }
    // Texts are rendered by nobody here, and what is attached may be anything.
    words += ["-sn", "-dn", "-map_chapters", "-1"]
    if kind.muxer == "mp4" || kind.muxer == "mov" || kind.muxer == "ipod" { words += ["-movflags", "+faststart"] }
    return words + ["-f", kind.muxer, "out.\(kind.format.fileExtension)"]
  }

  private static func filters(_ plan: MediaPlan) -> [String] {
    [scale(plan)] + (plan.options.whole(fps).map { ["fps=\($0)"] } ?? []) + colourFilters(plan.options)
  }

  /// The film through its filters, and the second input over it at its place.
  private static func watermarked(_ filters: String, _ options: ConversionOptions) -> String {
    let place = options.word(.watermarkPosition) ?? "bottom-right"
    let margin = options.whole(.watermarkMargin) ?? 32
    func start(_ first: String, _ last: String, _ room: String) -> String {
      place.contains(first)
        ? "min(\(margin)\\,\(room))" : place.contains(last) ? "max(0\\,\(room)-\(margin))" : "(\(room))/2"
    }
    let opacity = Double(options.whole(.watermarkOpacity) ?? 100) / 100
    var mark = "[1:v]format=rgba,colorchannelmixer=aa=\(opacity)[mark];"
    if let percent = options.whole(.watermarkScale) {
      mark += "[mark][film]scale2ref=w=main_w*\(percent)/100:h=ow/a[mark][film];"
    }
    return "[0:V:0]\(filters)[film];\(mark)[film][mark]overlay=x=\(start("left", "right", "W-w")):"
      + "y=\(start("top", "bottom", "H-h")),format=yuv420p[marked]"
  }

  private static func film(_ plan: MediaPlan, _ codec: MediaKind.FilmCodec) -> [String] {
    let quality = plan.options.whole(filmQuality)
    /// A straight line from the worst to what nobody tells from the original.
    func level(_ worst: Int, _ best: Int, usual: Int) -> String {
      "\(quality.map { worst - (worst - best) * $0 / 100 } ?? usual)"
    }
    let coding: [String] =
      switch codec {
      case .h264: ["libx264", "-preset", "veryfast", "-crf", level(51, 10, usual: 23)]
      case .vp9:
        [
          "libvpx-vp9", "-crf", level(63, 10, usual: 32), "-b:v", "0", "-deadline", "good", "-cpu-used", "4", "-row-mt",
          "1",
        ]
      case .mpeg4: ["mpeg4", "-q:v", level(31, 2, usual: 5)]
      }
    return coding + ["-pix_fmt", "yuv420p", "-threads", "4"]
  }

  private static func colourFilters(_ options: ConversionOptions) -> [String] {
    func value(_ option: ConversionOption) -> Double? {
      options.asked.contains(option.name) ? options.decimal(option) : nil
    }
    var filters: [String] = []
    if let factor = value(.brightness) {
      filters.append("lutyuv=y=clip((val-minval)*\(factor)+minval\\,minval\\,maxval)")
    }
    if let factor = value(.contrast) { filters.append("eq=contrast=\(factor)") }
    if let factor = value(.saturation) { filters.append("hue=s=\(factor)") }
    if let degrees = value(.hue) { filters.append("hue=h=\(degrees)") }
    if options.flag(.grayscale) { filters.append("hue=s=0") }
    if options.flag(.invert) { filters.append("negate") }
    return filters
  }

  private static func soundFilters(_ plan: MediaPlan) -> [String] {
    var filters: [String] = []
    if let factor = plan.options.decimal(volume), factor != 1 { filters.append("volume=\(factor)") }
    // The filter gives 192,000 samples a second, which it needs for itself.
    if plan.options.flag(normalize) { filters.append("loudnorm=I=-16:TP=-1.5:LRA=11") }
    if let seconds = plan.options.decimal(fadeIn), seconds > 0 {
      filters.append("afade=t=in:d=\(FFmpeg.time(seconds))")
    }
    if let seconds = plan.options.decimal(fadeOut), seconds > 0, let length = plan.length {
      filters.append("afade=t=out:st=\(FFmpeg.time(max(0, length - seconds))):d=\(FFmpeg.time(seconds))")
    }
    return filters
  }

  /// Within the sides that are asked for, and of even numbers, for colour is kept for four pixels together.
  static func scale(_ plan: MediaPlan) -> String {
    let (width, height) = (plan.options.whole(.width), plan.options.whole(.height))
    if width == nil && height == nil { return "scale=w=max(2\\,trunc(iw/2)*2):h=max(2\\,trunc(ih/2)*2)" }
    let (w, h) = (max(2, width ?? MediaPlan.longestSide), max(2, height ?? MediaPlan.longestSide))
    return "scale=w=\(w):h=\(h):force_original_aspect_ratio=decrease:force_divisible_by=2"
  }

  private static func sound(
    _ plan: MediaPlan, _ codec: MediaKind.SoundCodec, _ sound: MediaFacts.Stream
  ) -> [String] {
    let rate = plan.options.whole(bitrate)
    var words =
      switch codec {
      case .aac: ["aac", "-b:a", "\(rate ?? 192)k"]
      case .mp3: ["libmp3lame", "-b:a", "\(rate ?? 192)k"]
      // Its own limit is 256 for each channel, and what has more than two is laid out in ways that it does not take.
      case .opus: ["libopus", "-b:a", "\(min(rate ?? 128, sound.channels == 1 ? 256 : 320))k"]
      case .vorbis: rate.map { ["libvorbis", "-b:a", "\($0)k"] } ?? ["libvorbis", "-q:a", "6"]
      case .flac: ["flac"]
      case .pcm: ["pcm_s16le"]
      }
    let channels = plan.options.word(channels) ?? (codec == .opus && sound.channels > 2 ? "2" : nil)
    if let channels { words += ["-ac", channels] }
    let filters = soundFilters(plan)
    if !filters.isEmpty { words += ["-af", filters.joined(separator: ",")] }
    // Opus has no other rates than these.
    let others = codec == .opus ? ["22050", "32000", "44100"] : []
    let samples = plan.options.word(sampleRate) ?? (plan.options.flag(normalize) ? "48000" : nil)
    if let samples { words += ["-ar", others.contains(samples) ? "48000" : samples] }
    return ["-c:a"] + words
  }
}
