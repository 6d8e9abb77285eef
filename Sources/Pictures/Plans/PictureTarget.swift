import Formats

/// A format that pictures can be written in.
struct PictureTarget {
  /// What a writer may know before it writes its first byte.
  struct Request {
    let output: Int32
    /// The document that the picture becomes a page of, when there are several.
    let document: PDFFile?
    let header: PictureHeader
    /// The first rows of the picture.
    let sample: UnsafeRawBufferPointer
    let attachments: PictureAttachments
    let options: ConversionOptions
    let quality: Int
    let pngCodec: PNGCodec
    /// What the output may have.
    var mostBytes = Int64.max
  }

  let format: Format
  /// How many channels its pixels can have; 2 and 4 have alpha.
  let channels: Set<Int>
  /// A larger picture is made smaller to fit.
  let mostSide: Int
  /// A larger picture is refused, for the format has no way to say it.
  let limit: Int
  /// True when the writer looks at many rows before it begins.
  var wantsSample: Bool { [.png, .svg, .pdf, .tga].contains(format) }
  /// True when a file can say what its pixels' colours mean.
  var holdsProfile: Bool { [.png, .jpeg, .pdf].contains(format) }
  /// How many bytes a picture has where its pixels alone decide it, else nil.
  let size: (@Sendable (PictureHeader) -> Int64)?
  let create: @Sendable (Request) throws(ConversionFailure) -> any PictureWriter

  init(
    _ format: Format, channels: Set<Int>, mostSide: Int = .max, limit: Int = .max,
    size: (@Sendable (PictureHeader) -> Int64)? = nil,
    _ create: @escaping @Sendable (Request) throws(ConversionFailure) -> any PictureWriter
  ) {
    self.format = format
    self.channels = channels
    self.mostSide = mostSide
    self.limit = limit
    self.size = size
    self.create = create
  }

  static let all = [
    PictureTarget(.png, channels: [1, 2, 3, 4]) { (request) throws(ConversionFailure) in
      try PNGWriter(
        request.output, request.header, Flatness.content(of: request.sample, request.header),
        level: request.options.whole(.compression), request.attachments, codec: request.pngCodec)
    },
    PictureTarget(.jpeg, channels: [1, 3], limit: JPEGWriter.mostSide) { (request) throws(ConversionFailure) in
      let settings = JPEGWriter.Settings(
        quality: request.quality,
        subsampling: request.options.word(.subsampling).flatMap(JPEGWriter.Settings.Subsampling.init) ?? .coarse,
        isProgressive: request.options.flag(.progressive))
      return try JPEGWriter(request.output, request.header, settings, request.attachments)
    },
    PictureTarget(.bmp, channels: [1, 3, 4], size: BMPWriter.size) { (request) throws(ConversionFailure) in
      try BMPWriter(request.output, request.header, request.attachments.resolution)
    },
    PictureTarget(.pnm, channels: [1, 3], size: { PNMWriter.size($0, isPAM: false) }) {
      (request) throws(ConversionFailure) in
      try PNMWriter(request.output, request.header, isPAM: false)
    },
    PictureTarget(.pam, channels: [1, 2, 3, 4], size: { PNMWriter.size($0, isPAM: true) }) {
      (request) throws(ConversionFailure) in
      try PNMWriter(request.output, request.header, isPAM: true)
    },
    PictureTarget(.qoi, channels: [3, 4]) { (request) throws(ConversionFailure) in
      try QOIWriter(request.output, request.header)
    },
    PictureTarget(.tga, channels: [1, 3, 4], limit: 65_535) { (request) throws(ConversionFailure) in
      try TGAWriter(
        request.output, request.header, Flatness.content(of: request.sample, request.header),
        mostBytes: request.mostBytes)
    },
    PictureTarget(.ico, channels: [4], mostSide: IconWriter.mostSide) { (request) throws(ConversionFailure) in
      try IconWriter(request.output, request.header, isCursor: false)
    },
    PictureTarget(.cur, channels: [4], mostSide: IconWriter.mostSide) { (request) throws(ConversionFailure) in
      try IconWriter(request.output, request.header, isCursor: true)
    },
    PictureTarget(.svg, channels: [1, 2, 3, 4]) { (request) throws(ConversionFailure) in
      let inner = try PNGWriter(
        request.output, request.header, Flatness.content(of: request.sample, request.header), codec: request.pngCodec)
      return SVGWriter(request.output, request.header, inner, Format.png.mediaType)
    },
    PictureTarget(.pdf, channels: [1, 2, 3, 4]) { (request) throws(ConversionFailure) in
      try PDFWriter(
        request.output, request.document, request.header, Flatness.content(of: request.sample, request.header),
        request.attachments, request.options)
    },
  ]
}
