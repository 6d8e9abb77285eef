import Engine
import HTTP

/// What makes a file smaller that stays what it is.
struct ConvertlyCompression {
  let quality: Int
  let targetBytes: Int?
  let lossless: Bool
  let strips: Bool

  /// What a format has for it; what is not in the list cannot be made smaller in its own format.
  private enum Way {
    case jpeg, png, codec, gif, tiff, pdf, film, sound, flac
  }

  private static let ways: [(formats: String, way: Way)] = [
    ("jpeg", .jpeg), ("png", .png), ("webp avif heic jxl", .codec), ("gif", .gif), ("tiff", .tiff), ("pdf", .pdf),
    ("mp4 webm mov mkv avi", .film), ("mp3 m4a ogg aac opus", .sound), ("flac", .flac),
  ]
  static let formats = ways.flatMap { $0.formats.split(separator: " ").map(String.init) }

  /// Throws a refusal for what the format does not allow.
  func options(for format: String) throws(Refusal) -> [String: String] {
    let way = ConvertlyCompression.ways.first { $0.formats.split(separator: " ").contains { $0 == format } }?.way
    guard let way else {
      let list = ConvertlyCompression.formats.joined(separator: ", ")
      throw Refusal(
        "unsupported_type", 415, "\(format) cannot be made smaller without another format; possible are \(list).")
    }
    var options: [String: String] = strips ? [:] : ["strip": "false"]
    if let targetBytes {
      guard way == .jpeg || way == .pdf else {
        throw ConvertlyRefusals.wrong("mode=target-size is possible for jpeg and pdf, and this file is \(format).")
      }
      options["target_size"] = "\(targetBytes)"
      return options
    }
    switch way {
    case .jpeg: options["quality"] = "\(lossless ? 100 : quality)"
    case .png: options["compression"] = "9"
    case .codec: options[lossless ? "lossless" : "quality"] = lossless ? "true" : "\(quality)"
    case .gif: options["effort"] = "7"
    case .tiff: options["tiff_compression"] = "deflate"
    case .pdf where lossless: options["compact"] = "true"
    case .pdf: options["compress"] = quality < 40 ? "screen" : quality < 75 ? "ebook" : "printer"
    case .film: options["video_quality"] = "\(lossless ? 100 : quality)"
    case .sound: options["audio_bitrate"] = "\(lossless ? 320 : max(32, quality * 320 / 100))"
    case .flac: break
    }
    return options
  }
}

extension ConvertlyRequests {
  /// Files that stay what they are with fewer bytes; blocks.
  func compression(_ form: UploadForm) throws -> Submission {
    var fields = ConvertlyFields(form.fields)
    let files = ConvertlyInput.files(form, named: "files", &fields)
    let formats = parts.jobs.formats
    let inputs = try ConvertlyInput.all(files, to: files.map { _ in nil }, &fields, self)
    let mode = fields.word("mode", of: ["quality", "target-size"]) ?? "quality"
    let bytes = fields.whole("targetBytes", 256...1_000_000_000)
    if mode == "target-size", fields.text("targetBytes") == nil {
      fields.wrong.append("targetBytes", "is required with mode=target-size")
    }
    let wish = ConvertlyCompression(
      quality: fields.whole("quality", ConvertlyRequests.percents) ?? ConvertlyTarget.usualCompression,
      targetBytes: mode == "target-size" ? bytes : nil, lossless: fields.flag("lossless") ?? false,
      strips: fields.flag("stripMetadata") ?? true)
    try fields.check()
    let tasks = try inputs.enumerated().map { number, input in
      let ending = input.format ?? input.said
      guard let format = ending else {
        throw ConvertlyRefusals.wrong("The file is of no format that is known here, so it cannot be made smaller.")
      }
      let options = try wish.options(for: format)
      let known = formats.options(from: format, to: format)
      if format == "pdf", !options.keys.contains(where: { $0 != "strip" && known.contains($0) }) {
        throw ConvertlyRefusals.absent(
          "Making PDF documents smaller", package: options["compact"] == nil ? "ghostscript" : "qpdf")
      }
      return Submission.Task(
        from: input.format, to: format, options: options.filter { known.contains($0.key) },
        files: inputs.count == 1 ? nil : [number])
    }
    return try submission(ConvertlyJobData(.compress), &fields, inputs, tasks)
  }
}
