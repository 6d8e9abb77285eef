import Basics
import Engine

/// The options of conversions as the vendor names them, and what they are here; one that is not in the table has the same
/// name here.
enum Api2ConvertOptions {
  struct Row: Sendable {
    let vendor: String
    let ours: String
    /// The vendor's words and ours; empty where they are the same.
    let words: [(vendor: String, ours: String)]

    init(_ vendor: String, _ ours: String, _ words: [(String, String)] = []) {
      self.vendor = vendor
      self.ours = ours
      self.words = words
    }
  }

  static let rows = [
    Row(
      "resize_handling", "fit",
      [
        ("keep_aspect_ratio", "inside"), ("keep_aspect_ratio_crop", "cover"), ("keep_aspect_ratio_fill", "contain"),
        ("stretch", "fill"),
      ]),
    Row("color", "grayscale", [("colored", "false"), ("gray", "true")]),
    Row("background_color", "background"),
    Row("interlace", "progressive"),
    Row("mirror", "flip"),
    Row("orientation", "page_orientation"),
    Row("alignment", "watermark_position"),
    Row("frequency", "sample_rate"),
    Row("channels", "channels", [("mono", "1"), ("stereo", "2")]),
    Row("framerate", "fps"),
    Row("screen_width", "viewport_width"),
    Row("screen_height", "viewport_height"),
    Row("device_scale_factor", "device_scale"),
    Row("pdf_password", "password"),
    Row("audio_normalize", "normalize"),
  ]

  /// What nobody may see again.
  static let secrets: Set<String> = [
    "password", "pdf_password", "user_password", "owner_password", "page_password", "cookies", "headers",
    "download_password",
  ]

  /// The codecs that a format has here, for clients that name one.
  private static let codecs: [String: [String]] = [
    "aac": ["aac"], "m4a": ["aac"], "mp3": ["mp3", "libmp3lame"], "ogg": ["vorbis", "libvorbis"],
    "opus": ["opus", "libopus"], "flac": ["flac"], "wav": ["pcm_s16le"], "mp4": ["aac", "h264"],
    "mov": ["aac", "h264"], "mkv": ["aac", "h264"], "webm": ["opus", "vp9"], "avi": ["mp3", "mpeg4"],
  ]

  /// What is said of a conversion beside how its target is made.
  struct Reading: Sendable {
    var texts: [String: String] = [:]
    var preset: String?
    var downloadPasswords: [String] = []
    /// True when several outputs of a file stay as they are.
    var allowsSeveral = false
    var isStamp = false
  }

  /// `place` is what the client calls the conversion.
  static func read(
    _ options: [(name: String, value: JSONValue)], to target: String, at place: String, _ wrong: inout WrongFields
  ) -> Reading {
    var reading = Reading()
    for (name, value) in options where value != .null {
      guard let text = text(value) else {
        wrong.append("\(place).options.\(name)", "must be a text, a number, true or false")
        continue
      }
      switch name {
      case "preset": reading.preset = text
      case "download_password": reading.downloadPasswords.append(text)
      case "allow_multiple_outputs", "stamp":
        guard let flag = Bool(text) else {
          wrong.append("\(place).options.\(name)", "must be true or false")
          continue
        }
        if name == "stamp" { reading.isStamp = flag } else { reading.allowsSeveral = flag }
      case "audio_codec", "video_codec":
        let valid = ["auto"] + (codecs[target] ?? [])
        if !valid.contains(text) {
          wrong.append(
            "\(place).options.\(name)", "is not what \(target) has here; valid: \(valid.joined(separator: ", "))")
        }
      default:
        let row = rows.first { $0.vendor == name }
        let word = row?.words.first { $0.vendor == text }?.ours
        if let row, word == nil, row.ours == "fit" || row.ours == "grayscale" {
          let valid = row.words.map(\.vendor).joined(separator: ", ")
          wrong.append("\(place).options.\(name)", "\"\(text)\" is not known; valid: \(valid)")
          continue
        }
        reading.texts[row?.ours ?? name] = word ?? text
      }
    }
    return reading
  }

  static func vendorName(of ours: String) -> String { rows.first { $0.ours == ours }?.vendor ?? ours }

  /// A value as a form would have it; nil for what is none.
  static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .integer, .number, .boolean, .object: value.text
    case .array(let several):
      several.allSatisfy { $0.string != nil }
        ? several.compactMap(\.string).joined(separator: ",") : value.text
    case .null: nil
    }
  }

  /// An option of ours as the catalogue shows it: `type`, `enum`, `default`, `minimum`, `maximum`, `description`.
  static func schema(_ option: JSONValue) -> (name: String, value: JSONValue)? {
    guard let ours = option["name"]?.string else { return nil }
    let row = rows.first { $0.ours == ours }
    let kinds = ["integer": "integer", "number": "number", "boolean": "boolean"]
    let words = row?.words ?? []
    var members: [(name: String, value: JSONValue)] = [
      ("type", .string(words.isEmpty ? kinds[option["type"]?.string ?? ""] ?? "string" : "string"))
    ]
    if words.isEmpty {
      if let choices = option["choices"], option["type"]?.string == "choice" { members.append(("enum", choices)) }
      for name in ["minimum", "maximum"] { if let value = option[name] { members.append((name, value)) } }
    } else {
      members.append(("enum", .array(words.map { .string($0.vendor) })))
    }
    let standard = option["default"] ?? .null
    let word = words.first { $0.ours == text(standard) }?.vendor
    members += [
      ("default", word.map { .string($0) } ?? standard), ("description", option["summary"] ?? .string("")),
    ]
    return (row?.vendor ?? ours, .object(members))
  }
}
