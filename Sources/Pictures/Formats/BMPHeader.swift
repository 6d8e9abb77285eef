import Formats

/// What stands before the pixels of a bitmap, in a BMP file or an icon (BITMAPCOREHEADER to BITMAPV5HEADER).
struct BMPHeader {
  let width: Int
  let height: Int
  let isTopDown: Bool
  let bits: Int
  let layout: PixelLayout
  let isRunLength: Bool
  let resolution: Resolution?
  /// Where in the file the first stored row begins.
  let pixels: Int64

  /// Bytes of a stored row, a multiple of four.
  var stride: Int { (width * bits + 31) / 32 * 4 }
  /// Those of them that hold pixels.
  var usedBytes: Int { (width * bits + 7) / 8 }

  /// The stream stands at the header's size.
  ///
  /// `pixels` is nil in an icon, where they follow the palette and where 32 bits
  /// are always with alpha.
  init(_ stream: ByteStream, pixels: Int64?) throws(ConversionFailure) {
    let start = stream.position
    let size = try stream.little32()
    guard size == 12 || (16...124).contains(size) else { throw stream.unsupported("header of \(size) bytes") }
    let isCore = size == 12
    // A header may stop before any of its fields, which are 0 then (OS/2 2.0; BITMAPINFOHEADER2).
    func field(_ place: Int) throws(ConversionFailure) -> Int {
      guard place + 4 <= size else { return 0 }
      stream.seek(to: start + Int64(place))
      return try stream.little32()
    }
    let across = isCore ? try stream.little16() : try stream.little32()
    let down = isCore ? try stream.little16() : Int(Int32(truncatingIfNeeded: try stream.little32()))
    width = across
    height = abs(down)
    isTopDown = down < 0
    guard width > 0, width <= 1 << 20, height > 0, height <= 1 << 20 else { throw stream.damaged("impossible sides") }
    stream.skip(2)
    let bits = try stream.little16()
    self.bits = bits
    var (compression, colours, perMetre) = (0, 0, (0, 0))
    if !isCore {
      compression = try field(16)
      perMetre = (try field(24), try field(28))
      colours = try field(32)
      stream.seek(to: start + 40)
    }
    resolution = Resolution(perMetre.0, perMetre.1, per: .metre)
    isRunLength = compression == 1 && bits == 8 || compression == 2 && bits == 4
    guard compression == 0 || isRunLength || (compression == 3 || compression == 6) && bits > 8 else {
      throw stream.unsupported("compression \(compression) with \(bits) bits")
    }

    // The masks of a short header stand behind it, those of a long one within it: the same place.
    var masks: [Int] = []
    if compression != 0, !isRunLength {
      for _ in 0..<(size >= 56 || compression == 6 ? 4 : 3) { masks.append(try stream.little32()) }
    }
    let end = start + Int64(max(size, masks.isEmpty ? size : 40 + masks.count * 4))
    stream.seek(to: end)
    let entry = isCore ? 3 : 4
    let rowBytes = Int64((width * bits + 31) / 32 * 4)
    switch bits {
    case 1, 2, 4, 8:
      guard colours <= 65_536 else { throw stream.damaged("palette of \(colours) colours") }
      let count = colours == 0 ? 1 << bits : colours
      var palette: [[UInt8]] = []
      let paletteEnd = end + Int64(count * entry)
      var begin = paletteEnd
      if let pixels {
        begin = try BMPHeader.start(stream, pixels, end, paletteEnd, isRunLength ? nil : rowBytes * Int64(height))
      }
      for _ in 0..<min(count, 256, Int(begin - end) / entry) {
        let bytes = try stream.read(entry)
        palette.append([bytes[2], bytes[1], bytes[0], 255])
      }
      layout = .indexed(bits: isRunLength ? 8 : bits, Palette(palette))
      self.pixels = begin
    case 16, 24, 32:
      layout = try BMPHeader.layout(stream, bits, masks, isIcon: pixels == nil)
      self.pixels = pixels.map { $0 >= end ? $0 : end } ?? end + Int64(colours * entry)
    default: throw stream.unsupported("\(bits) bits a pixel")
    }
  }

  /// Where the pixels of a palette begin that are said to begin at `pixels`.
  ///
  /// Within the palette, which may be shorter than its kind, only one of the two can be right, and the size of the file has to
  /// tell which; an end of three bytes more or less is padding.
  private static func start(
    _ stream: ByteStream, _ pixels: Int64, _ end: Int64, _ paletteEnd: Int64, _ bytes: Int64?
  ) throws(ConversionFailure) -> Int64 {
    if pixels == 0 { return paletteEnd }
    if pixels >= paletteEnd { return pixels }
    let size = try stream.fileSize()
    guard let bytes else {
      // Runs are as long as they are.
      if pixels > end { return pixels }
      throw stream.damaged("its pixels would begin within its palette")
    }
    let (whole, short) = (size - paletteEnd - bytes, size - pixels - bytes)
    if abs(whole) <= 3, pixels <= end || abs(whole) < abs(short) { return paletteEnd }
    if pixels > end, abs(short) <= 3 || whole < -3 { return pixels }
    throw stream.damaged("its pixels would begin within its palette")
  }

  private static func layout(
    _ stream: ByteStream, _ bits: Int, _ masks: [Int], isIcon: Bool
  ) throws(ConversionFailure) -> PixelLayout {
    if masks.isEmpty || masks.allSatisfy({ $0 == 0 }) {
      switch bits {
      case 16: return .fields(size: 2, [10, 5, 0].map { PixelLayout.Field(shift: $0, bits: 5) })
      case 24: return .bytes(size: 3, places: [2, 1, 0])
      default: return .bytes(size: 4, places: isIcon || !masks.isEmpty ? [2, 1, 0, 3] : [2, 1, 0])
      }
    }
    let used = masks.count == 4 && masks[3] == 0 ? Array(masks.prefix(3)) : masks
    let fields = used.compactMap { PixelLayout.Field(mask: $0) }
    guard fields.count == used.count else { throw stream.unsupported("colour masks") }
    if fields.allSatisfy({ $0.most == 255 && $0.shift % 8 == 0 && $0.shift < bits }) {
      return .bytes(size: bits / 8, places: fields.map { $0.shift / 8 })
    }
    return .fields(size: bits / 8, fields)
  }
}
