import Formats
import Pictures

/// The options of pictures that programs of others alone understand.
extension ConversionOption {
  static let allMetadata = ConversionOption(
    "all_metadata", .flag, .flag(false), "tells all that exiftool finds in a picture, not only what is read here")
  static let effort = ConversionOption(
    "effort", .whole(0...9), nil,
    "how long the encoder of a WebP, AVIF, JPEG XL or GIF looks for a smaller file; 0 is quick, else as suits the format",
    reach: .last)
  static let language = ConversionOption(
    "language", .words(Tesseract.languages), .word("eng"),
    "languages of the text in a picture; each but eng needs its own package")
  static let lossless = ConversionOption(
    "lossless", .flag, .flag(false), "keeps the pixels of a WebP, AVIF or JPEG XL as they are, of a HEIC nearly",
    reach: .last)
  static let ocr = ConversionOption(
    "ocr", .flag, .flag(false), "looks for text in pixels: a PDF of pictures can be searched then")
  static let page = ConversionOption(
    "page", .whole(1...100_000), nil,
    "which page of a TIFF, frame of a GIF or WebP, or picture of a HEIC is taken; else all pages of a TIFF, the first frame"
  )
  static let stripMetadata = ConversionOption(
    "strip_metadata", .flag, .flag(false),
    "leaves out what a file tells about itself, and everything else in it as it is; colour and orientation stay")
  static let tiffCompression = ConversionOption(
    "tiff_compression", .choice(["lzw", "deflate", "jpeg", "none"]), .word("lzw"), "how a TIFF is packed", reach: .last)
  static let trace = ConversionOption(
    "trace", .flag, .flag(false), "draws the outlines of what is dark in a picture as an SVG")
  static let traceSpeckles = ConversionOption(
    "trace_speckles", .whole(0...10_000), .whole(2), "pixels of the largest spot that trace leaves out")
  static let traceThreshold = ConversionOption(
    "trace_threshold", .whole(0...100), .whole(50), "percent of brightness below which trace takes a pixel for dark")

  /// The size of a picture, where nothing else is done to its pixels.
  static let resizing = [width, height, thumbnail, neverEnlarge]
}
