import Engine

/// A format that files can be converted into, and what `compression` means for it.
struct ConvertlyTarget: Sendable {
  enum Scale {
    /// The quality of a picture.
    case picture
    /// How much of a film is kept, where it is not the usual 82, with which what can stay as it is coded does.
    case film
    /// The same of sound, as a share of 320 kbit/s.
    case sound
    /// How small a spot may be that is drawn.
    case outlines
    case nothing
  }

  let name: String
  let scale: Scale

  static let usualCompression = 82

  private static let rows: [(names: String, scale: Scale)] = [
    ("jpg webp avif heif", .picture), ("png tiff gif pdf wav flac", .nothing), ("mp4 webm mov", .film),
    ("mp3 ogg m4a", .sound), ("svg", .outlines), ("zip tar tgz gz", .nothing),
  ]

  /// "jpg, png, webp, …, gz, bz2, xz" (the vendor's page on conversions), as far as something here makes them.
  static let all = rows.flatMap { row in
    row.names.split(separator: " ").map { ConvertlyTarget(name: String($0), scale: row.scale) }
  }

  /// What nothing here writes.
  private static let absent = ["7z": "7-Zip", "rar": "RAR", "bz2": "bzip2", "xz": "xz"]

  /// True for what the vendor makes, too.
  var isKnown: Bool { ConvertlyTarget.all.contains { $0.name == name } }

  /// Archives that have all files in them.
  static let archives = ["zip", "tar", "tgz"]

  /// Any other format of this server is a target, too; throws a refusal for what the vendor alone makes.
  static func named(_ name: String) throws -> ConvertlyTarget {
    if let title = absent[name] { throw ConvertlyRefusals.absent("Writing \(title) archives (\(name))") }
    let own = ["jpeg": "jpg", "heic": "heif", "tif": "tiff"][name] ?? name
    return all.first { $0.name == own } ?? ConvertlyTarget(name: name, scale: .nothing)
  }

  /// What a compression from 1 to 100 asks for; what the target does not understand is left out by the caller.
  func options(_ compression: Int?) -> [String: String] {
    let value = compression ?? ConvertlyTarget.usualCompression
    return switch scale {
    case .picture: ["quality": "\(value)"]
    case .film: value == ConvertlyTarget.usualCompression ? [:] : ["video_quality": "\(value)"]
    case .sound: value == ConvertlyTarget.usualCompression ? [:] : ["audio_bitrate": "\(max(32, value * 320 / 100))"]
    case .outlines: ["trace_speckles": "\((100 - value) / 9)"]
    case .nothing: [:]
    }
  }
}
