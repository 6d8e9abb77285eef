import Engine

/// The vendor's tools as its pages and its libraries name their fields, with the same values where a field is not sent.
extension ConvertlyTool {
  private static let pictures = ["jpg", "png", "webp", "avif"]
  private static let fits = ["cover", "contain", "fill", "inside", "outside"]
  private static let side = Field.Kind.whole(ConvertlyRequests.sides)
  private static let seconds = Field.Kind.decimal(0...86_400)
  private static let factor = Field.Kind.decimal(0...10)
  private static let length = Field.Kind.decimal(0.01...7200)

  private static func quality(_ usual: Int) -> Field {
    Field("quality", nil, .whole(ConvertlyRequests.percents), String(usual))
  }

  static let all: [ConvertlyTool] = [
    ConvertlyTool(
      name: "thumbnail", kinds: ["image", "video"], formats: pictures,
      fields: [
        Field("width", nil, side, "512"), Field("height", nil, side, "512"),
        Field("fit", nil, .word(fits), "cover"), quality(82), Field("timestamp", "time", seconds),
      ]),
    ConvertlyTool(
      name: "pdf-preview", kinds: ["document"], formats: pictures,
      fields: [
        Field("page", "pages", .whole(1...100_000), "1"), Field("width", nil, side, "1600"), quality(86),
      ]),
    ConvertlyTool(
      name: "image-to-pdf", kinds: ["image"], formats: ["pdf"],
      fields: [Field("pageSize", "page_size", .word(["auto", "letter", "a4"]), "auto")], fixed: ["merge": "true"],
      gathers: true),
    ConvertlyTool(
      name: "strip-metadata", fixed: ["strip_metadata": "true"],
      needs: ("strip_metadata", "libimage-exiftool-perl")),
    ConvertlyTool(
      name: "poster-frame", kinds: ["video"], formats: pictures,
      fields: [Field("timestamp", "time", seconds), Field("width", nil, side, "1280"), quality(86)]),
    ConvertlyTool(
      name: "extract-audio", kinds: ["video", "audio"], formats: ["mp3", "m4a", "wav", "ogg", "flac"],
      fields: [Field("bitrateKbps", "audio_bitrate", .whole(32...320), "192")]),
    ConvertlyTool(
      name: "watermark", kinds: ["image", "video"], formats: pictures + ["mp4", "webm", "mov"], staysWhatItIs: true,
      fields: [
        Field(
          "position", "watermark_position",
          .word(["top-left", "top-right", "bottom-left", "bottom-right", "center"]), "bottom-right"),
        Field("opacity", "watermark_opacity", .share, "72"),
        Field("margin", "watermark_margin", .whole(0...10_000), "32"), quality(86),
      ], takesOverlay: true),
    ConvertlyTool(name: "inspect", formats: ["json"]),
    ConvertlyTool(
      name: "trim", kinds: ["video", "audio"], formats: ["mp4", "webm", "mov", "mp3", "m4a", "wav"],
      staysWhatItIs: true, fields: [Field("start", nil, seconds, "0"), Field("duration", nil, length, "10")]),
    ConvertlyTool(
      name: "gif", kinds: ["video"], formats: ["gif"],
      fields: [
        Field("start", nil, seconds, "0"), Field("duration", nil, length, "4"), Field("width", nil, side, "480"),
        Field("fps", nil, .whole(1...60), "12"),
      ]),
    ConvertlyTool(
      name: "storyboard", kinds: ["video"], formats: pictures,
      fields: [Field("columns", nil, .whole(1...10), "4"), Field("width", nil, side, "240"), quality(86)],
      fixed: ["storyboard": "true"], needs: ("storyboard", "ffmpeg"), finish: frames),
    ConvertlyTool(
      name: "transform", kinds: ["image"], formats: ["webp", "jpg", "png", "avif"], fields: transforming,
      finish: transform),
    ConvertlyTool(
      name: "adjust", kinds: ["image", "video", "audio"],
      formats: pictures + ["mp4", "webm", "mov", "mp3", "m4a", "wav", "ogg", "flac"], staysWhatItIs: true,
      fields: [
        Field("brightness", nil, factor), Field("contrast", nil, factor), Field("saturation", nil, factor),
        Field("hue", nil, .decimal(-360...360)), Field("grayscale", nil, .flag), Field("invert", nil, .flag),
        Field("volume", nil, factor), Field("normalize", nil, .flag), Field("fadeIn", "fade_in", .decimal(0...600)),
        Field("fadeOut", "fade_out", .decimal(0...600)), quality(86),
      ], finish: sharpen),
  ]

  /// The fields of a transformation, which an address that does one has, too.
  static let transforming = [
    Field("width", nil, side), Field("height", nil, side), Field("fit", nil, .word(fits)), quality(86),
    Field("cropLeft", "crop_x", .whole(0...100_000)), Field("cropTop", "crop_y", .whole(0...100_000)),
    Field("cropWidth", "crop_width", .whole(1...100_000)), Field("cropHeight", "crop_height", .whole(1...100_000)),
  ]

  @Sendable private static func frames(
    _ options: inout [String: String], _ fields: inout ConvertlyFields, _ input: ConvertlyInput
  ) {
    let columns = Int(options["columns"] ?? "") ?? 4
    let frames = fields.whole("frames", 1...100) ?? 12
    let rows = (frames + columns - 1) / columns
    if rows > 10 { fields.wrong.append("frames", "are more than ten rows of \(columns)") }
    options["rows"] = String(rows)
  }

  /// "flip, flop" are top to bottom and left to right.
  @Sendable private static func transform(
    _ options: inout [String: String], _ fields: inout ConvertlyFields, _ input: ConvertlyInput
  ) {
    if let preset = fields.word("preset", of: ConvertlySize.presetNames) {
      options.merge(ConvertlySize.preset(preset)) { said, _ in said }
    }
    if options["width"] != nil && options["height"] != nil { options["fit"] = options["fit"] ?? "cover" }
    let rotate = fields.whole("rotate", -360...360) ?? 0
    if rotate % 90 != 0 { fields.wrong.append("rotate", "must be a multiple of 90") }
    options["rotate"] = String((rotate + 360) % 360)
    switch (fields.flag("flop") ?? false, fields.flag("flip") ?? false) {
    case (false, false): break
    case (true, false): options["flip"] = "horizontal"
    case (false, true): options["flip"] = "vertical"
    case (true, true): options["flip"] = "both"
    }
  }

  @Sendable private static func sharpen(
    _ options: inout [String: String], _ fields: inout ConvertlyFields, _ input: ConvertlyInput
  ) throws {
    if fields.flag("sharpen") ?? false { throw ConvertlyRefusals.absent("Sharpening") }
  }
}
