/// Film and sound.
extension Format {
  package static let mp4 = film("mp4", ["m4v"], "video/mp4", "MP4")
  package static let webm = film("webm", [], "video/webm", "WebM")
  package static let mov = film("mov", ["qt"], "video/quicktime", "QuickTime")
  package static let mkv = film("mkv", [], "video/x-matroska", "Matroska")
  package static let avi = film("avi", [], "video/x-msvideo", "AVI")
  package static let mp3 = sound("mp3", [], "audio/mpeg", "MP3")
  package static let aac = sound("aac", [], "audio/aac", "AAC")
  package static let m4a = sound("m4a", [], "audio/mp4", "M4A")
  package static let wav = sound("wav", ["wave"], "audio/wav", "WAV")
  package static let ogg = sound("ogg", ["oga"], "audio/ogg", "Ogg Vorbis")
  package static let opus = sound("opus", [], "audio/opus", "Opus")
  package static let flac = sound("flac", [], "audio/flac", "FLAC")

  static let media = [mp4, webm, mov, mkv, avi, mp3, aac, m4a, wav, ogg, opus, flac]

  private static func film(_ name: String, _ aliases: [String], _ mediaType: String, _ title: String) -> Format {
    Format(name: name, aliases: aliases, mediaType: mediaType, fileExtension: name, category: .video, title: title)
  }

  private static func sound(_ name: String, _ aliases: [String], _ mediaType: String, _ title: String) -> Format {
    Format(name: name, aliases: aliases, mediaType: mediaType, fileExtension: name, category: .audio, title: title)
  }
}
