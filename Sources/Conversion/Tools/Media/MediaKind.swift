import Formats

/// How ffmpeg reads and writes a format of film or sound.
struct MediaKind {
  let format: Format
  /// The only reader that may look at a file of this format: a playlist under another name is none for it.
  let demuxer: String
  let muxer: String
  /// What the picture is coded by; nil for sound alone.
  let film: FilmCodec?
  let sound: SoundCodec?
  /// What may go in as it is coded.
  let takes: Set<String>

  enum FilmCodec {
    case h264, vp9, mpeg4
  }

  enum SoundCodec {
    case aac, mp3, opus, vorbis, flac, pcm
  }

  private init(
    _ format: Format, _ demuxer: String, _ muxer: String, _ film: FilmCodec?, _ sound: SoundCodec?,
    takes: Set<String> = []
  ) {
    self.format = format
    self.demuxer = demuxer
    self.muxer = muxer
    self.film = film
    self.sound = sound
    self.takes = takes
  }

  private static let all = [
    MediaKind(.mp4, "mov", "mp4", .h264, .aac, takes: ["h264", "aac", "mp3"]),
    MediaKind(.mov, "mov", "mov", .h264, .aac, takes: ["h264", "aac", "mp3"]),
    MediaKind(
      .mkv, "matroska", "matroska", .h264, .aac, takes: ["h264", "vp8", "vp9", "aac", "mp3", "opus", "vorbis"]),
    MediaKind(.webm, "matroska", "webm", .vp9, .opus, takes: ["vp8", "vp9", "opus", "vorbis"]),
    MediaKind(.avi, "avi", "avi", .mpeg4, .mp3, takes: ["mp3"]),
    MediaKind(.gif, "gif", "gif", nil, nil),
    MediaKind(.mp3, "mp3", "mp3", nil, .mp3, takes: ["mp3"]),
    MediaKind(.aac, "aac", "adts", nil, .aac, takes: ["aac"]),
    MediaKind(.m4a, "mov", "ipod", nil, .aac, takes: ["aac"]),
    MediaKind(.wav, "wav", "wav", nil, .pcm),
    MediaKind(.ogg, "ogg", "ogg", nil, .vorbis, takes: ["vorbis"]),
    MediaKind(.opus, "ogg", "opus", nil, .opus, takes: ["opus"]),
    MediaKind(.flac, "flac", "flac", nil, .flac, takes: ["flac"]),
  ]

  static func of(_ format: Format?) -> MediaKind? { all.first { $0.format == format } }

  static let films: [Format] = [.mp4, .webm, .mov, .mkv, .avi]
  static let sounds: [Format] = [.mp3, .aac, .m4a, .wav, .ogg, .opus, .flac]
  /// Pictures of a film.
  static let stills: [Format] = [.png, .jpeg, .webp]
}
