import Basics

/// What a file of film or sound tells of itself, as ffprobe writes it.
struct MediaFacts {
  struct Stream {
    let codec: String
    /// Of the picture as it is coded; 0 for sound.
    let width: Int
    let height: Int
    /// How its pixels are stored, such as yuv420p.
    let pixels: String
    /// Of the sound; 0 for a picture.
    let channels: Int
  }

  /// What ffprobe is asked for.
  static let entries =
    "format=duration:stream=codec_type,codec_name,width,height,pix_fmt,channels,duration:stream_disposition=attached_pic"
  static let mostBytes = 64 << 10

  /// How long it lasts, where it tells.
  let seconds: Double?
  /// The first picture that moves; the cover of a record is none.
  let film: Stream?
  let sound: Stream?

  /// Nil for what ffprobe has not written.
  init?(_ bytes: [UInt8]) {
    guard let document = try? JSONReader.parse(bytes) else { return nil }
    let all = document["streams"]?.array ?? []
    func find(_ kind: String) -> JSONValue? {
      all.first { $0["codec_type"]?.string == kind && $0["disposition"]?["attached_pic"]?.integer != 1 }
    }
    let (film, sound) = (find("video"), find("audio"))
    self.film = film.map(MediaFacts.stream)
    self.sound = sound.map(MediaFacts.stream)
    let times = [document["format"], film, sound].compactMap { $0?["duration"]?.string.flatMap(Double.init) }
    seconds = times.first { $0.isFinite && $0 > 0 }
  }

  private static func stream(_ document: JSONValue) -> Stream {
    func number(_ name: String) -> Int { ToldNumber.accept(document[name]?.integer) ?? 0 }
    return Stream(
      codec: document["codec_name"]?.string ?? "unknown", width: number("width"), height: number("height"),
      pixels: document["pix_fmt"]?.string ?? "", channels: number("channels"))
  }
}
