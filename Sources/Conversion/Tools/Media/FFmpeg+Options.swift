import Formats
import Pictures

extension FFmpeg {
  private static let day = 86_400.0

  static let start = ConversionOption(
    "start", .decimal(0...day), .decimal(0), "where the part of a film or sound begins, in seconds")
  static let duration = ConversionOption(
    "duration", .decimal(0.01...MediaPlan.mostSeconds), nil, "how long the part is, in seconds; else to the end")
  static let part = [start, duration]

  static let fps = ConversionOption(
    "fps", .whole(1...120), nil, "pictures a second of a film; else as it has, and 10 in a GIF")
  static let filmQuality = ConversionOption(
    "video_quality", .whole(1...100), nil, "how much of a film's picture is kept; else what its codec does by itself")
  static let sizes: [ConversionOption] = [.width, .height]
  static let colours: [ConversionOption] = [.brightness, .contrast, .saturation, .hue, .invert, .grayscale]
  static let filmOptions = sizes + [fps, filmQuality] + colours

  static let bitrate = ConversionOption(
    "audio_bitrate", .whole(8...320), nil, "thousand bits a second for sound; else 192, and 128 for Opus")
  static let normalize = ConversionOption(
    "normalize", .flag, .flag(false), "makes sound as loud as broadcasts and streams are (EBU R 128, -16 LUFS)")
  static let channels = ConversionOption(
    "channels", .choice(["1", "2"]), nil, "makes sound mono or stereo; else as it has")
  static let sampleRate = ConversionOption(
    "sample_rate", .choice(["8000", "12000", "16000", "22050", "24000", "32000", "44100", "48000"]), nil,
    "samples a second of sound; else as it has")
  static let mute = ConversionOption("mute", .flag, .flag(false), "leaves the sound out of a film")
  static let volume = ConversionOption("volume", .decimal(0...10), .decimal(1), "makes sound as many times as loud")
  static let fadeIn = ConversionOption(
    "fade_in", .decimal(0...600), .decimal(0), "seconds in which sound comes up at the beginning")
  static let fadeOut = ConversionOption(
    "fade_out", .decimal(0...600), .decimal(0), "seconds in which sound goes down at the end")
  static let soundOptions = [bitrate, normalize, channels, sampleRate, volume, fadeIn, fadeOut]

  static let time = ConversionOption(
    "time", .decimal(0...day), nil, "which picture of a film, in seconds; else one after a tenth of it")
  static let storyboard = ConversionOption(
    "storyboard", .flag, .flag(false), "makes one picture of many of a film, in columns and rows")
  static let columns = ConversionOption("columns", .whole(1...10), .whole(4), "pictures beside each other")
  static let rows = ConversionOption("rows", .whole(1...10), .whole(4), "pictures below each other")
}
