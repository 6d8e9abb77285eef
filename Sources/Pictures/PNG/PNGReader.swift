import Basics
import CImage
import Formats

/// Reads a PNG; palettes, few bits and 16 bits come out as 8-bit samples.
///
/// libpng reads everything before the pixels. Those of plain pictures are read by `PNGRowDecoder`, until it meets
/// something that it does not take: then libpng reads them all, and what it says counts. What it says of a damaged file
/// counts only when it says so again after it was told to go past damage.
final class PNGReader: PictureReader {
  let header: PictureHeader
  private(set) var rowsDone = 0
  private let input: ByteInput
  private var handle: OpaquePointer
  /// What the library goes past; it begins with nothing, and only what it then refuses is read with more patience.
  private var patience: cimage_patience
  private let most: cimage_patience
  private var decoder: PNGRowDecoder?
  private let codec: PNGCodec
  private var thread: SecondThread?
  /// How many rows libpng has read.
  private var libraryRows = 0
  /// True when a sum of the data was wrong that nobody looked at after that.
  private var hasWrongSum = false

  /// Reads everything before the pixels of the PNG that begins at `offset`.
  init(
    _ descriptor: Int32, offset: Int64 = 0, _ codec: PNGCodec = .fast, allowsDamage: Bool = false
  ) throws(ConversionFailure) {
    input = ByteInput(descriptor: descriptor, start: offset)
    self.codec = codec
    most = allowsDamage ? CIMAGE_ALL_THERE_IS : CIMAGE_LENIENT
    (handle, header, patience) = try PNGReader.open(input, upTo: most)
  }

  private static func open(
    _ input: ByteInput, upTo most: cimage_patience
  ) throws(ConversionFailure) -> (OpaquePointer, PictureHeader, cimage_patience) {
    do throws(ConversionFailure) {
      let (handle, header) = try open(input, CIMAGE_STRICT)
      return (handle, header, CIMAGE_STRICT)
    } catch {
      guard error.code == .damagedFile, let (handle, header) = try? open(input, most) else { throw error }
      return (handle, header, most)
    }
  }

  private static func open(
    _ input: ByteInput, _ patience: cimage_patience
  ) throws(ConversionFailure) -> (OpaquePointer, PictureHeader) {
    var opened: OpaquePointer?
    var header = cimage_header()
    try ImageCall.run(.png) {
      cimage_png_reader_open(input.descriptor, input.start, patience, &opened, &header, $0)
    }
    guard let opened else { throw ConversionFailure(.internalError, "no PNG reader") }
    return (opened, PictureHeader(header))
  }

  deinit { cimage_png_reader_close(handle) }

  /// True while everything that was read came from our own decoder.
  var isOwnDecoder: Bool { decoder != nil }

  func readAhead(on thread: SecondThread) -> Bool {
    guard layout != nil else { return false }
    self.thread = thread
    return true
  }

  var profile: ColourProfile? {
    var count = 0
    let start = cimage_png_reader_profile(handle, &count)
    return ColourProfile(start, count: count)
  }

  func colours() throws(ConversionFailure) -> ColourMeaning? {
    try PNGColours.meaning(in: input, hasProfile: profile != nil)
  }

  var damage: Set<ConversionWarning> {
    let found = ImageCall.warnings(cimage_png_reader_damage(handle))
    return hasWrongSum ? found.union([.checksumWrong]) : found
  }

  func exif() throws(ConversionFailure) -> EXIF? {
    try PNGChunks.exif(in: input)
  }

  func notes() throws(ConversionFailure) -> PictureNotes { try PictureNotes(png: input) }

  func resolution() throws(ConversionFailure) -> Resolution? {
    if let resolution = try PNGChunks.resolution(in: input) { return resolution }
    return try exif()?.resolution
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    if rowsDone == 0 { decoder = try makeDecoder() }
    if let decoder, try decoder.read(count, into: rows) {
      rowsDone += count
      return
    }
    decoder = nil
    let bytes = rows.assumingMemoryBound(to: UInt8.self)
    try goPastDamage { () throws(ConversionFailure) in
      try skipInLibrary()
      try readInLibrary(count, bytes)
    }
    rowsDone += count
  }

  func finish() throws(ConversionFailure) {
    if let decoder, try decoder.finish() { return }
    decoder = nil
    try goPastDamage { () throws(ConversionFailure) in
      try skipInLibrary()
      try ImageCall.run(.png) { cimage_png_reader_finish(handle, $0) }
    }
  }

  /// Has the library do something, and once more from the first row with all the patience there is when it finds the file
  /// damaged; what it found first is what counts when that does not help.
  private func goPastDamage(_ body: () throws(ConversionFailure) -> Void) throws(ConversionFailure) {
    do throws(ConversionFailure) {
      try body()
    } catch {
      guard error.code == .damagedFile, patience == CIMAGE_STRICT, let again = try? PNGReader.open(input, most) else {
        throw error
      }
      // The library can only be told not to look at the sum behind the rows.
      let isSum = cimage_png_reader_damage(handle) & CIMAGE_WRONG_SUM.rawValue != 0
      cimage_png_reader_close(handle)
      handle = again.0
      patience = most
      libraryRows = 0
      do throws(ConversionFailure) { try body() } catch let second {
        throw second.code == .damagedFile ? error : second
      }
      hasWrongSum = isSum
    }
  }

  private func makeDecoder() throws(ConversionFailure) -> PNGRowDecoder? {
    guard let layout else { return nil }
    // The layout counts from the beginning of the whole file.
    return try PNGRowDecoder(ByteInput(descriptor: input.descriptor), header, layout, thread)
  }

  /// How our own decoder finds the pixels; nil when it is not to read them.
  private var layout: cimage_png_layout? {
    var layout = cimage_png_layout()
    return codec == .fast && cimage_png_reader_layout(handle, &layout) ? layout : nil
  }

  /// Lets libpng read again what has been handed out already.
  private func skipInLibrary() throws(ConversionFailure) {
    let row = try PixelRows(rows: 1, bytesPerRow: header.bytesPerRow)
    while libraryRows < rowsDone { try readInLibrary(1, row.bytes(1).assumingMemoryBound(to: UInt8.self)) }
  }

  private func readInLibrary(
    _ count: Int, _ rows: UnsafeMutableBufferPointer<UInt8>
  ) throws(ConversionFailure) {
    try ImageCall.run(.png) { cimage_png_reader_rows(handle, rows.baseAddress, rows.count, UInt32(count), $0) }
    libraryRows += count
  }
}
