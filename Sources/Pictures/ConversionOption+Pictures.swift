package import Formats

/// The options of pictures.
extension ConversionOption {
  private static let side = Kind.whole(1...ConversionLimits.longestSide)
  private static let place = Kind.whole(0...ConversionLimits.longestSide - 1)

  package static let allowDamaged = ConversionOption(
    "allow_damaged", .flag, .flag(false),
    "takes a picture although rows are missing or damaged; these stay empty, and a warning tells", reach: .all)
  package static let autoOrient = ConversionOption(
    "auto_orient", .flag, .flag(true), "turns the picture as its EXIF orientation says", reach: .all)
  package static let background = ConversionOption(
    "background", .colour, .colour(.white),
    "what shows through transparent pixels in a target without transparency, and fills what fit=contain leaves free",
    reach: .all)
  package static let brightness = ConversionOption(
    "brightness", .decimal(0...10), .decimal(1), "makes a picture or film as many times as bright", changesPixels: true)
  package static let contrast = ConversionOption(
    "contrast", .decimal(0...10), .decimal(1), "takes its colours as many times as far from the middle grey",
    changesPixels: true)
  package static let saturation = ConversionOption(
    "saturation", .decimal(0...10), .decimal(1), "makes its colours as many times as strong", changesPixels: true)
  package static let hue = ConversionOption(
    "hue", .decimal(-360...360), .decimal(0), "turns its colours by so many degrees", changesPixels: true)
  package static let invert = ConversionOption(
    "invert", .flag, .flag(false), "makes what is light dark, and each colour its opposite", changesPixels: true)
  static let adjusting = [brightness, contrast, saturation, hue, invert]
  static let compare = ConversionOption(
    "compare", .flag, .flag(false),
    "compares two pictures of one size: all measures as json, or the difference as png")
  package static let compression = ConversionOption(
    "compression", .whole(0...9), nil, "zlib's level for a PNG; else chosen by what the picture looks like",
    reach: .last)
  static let cropHeight = ConversionOption(
    "crop_height", side, nil, "height of the part to keep; else all below crop_y", changesPixels: true)
  static let cropWidth = ConversionOption(
    "crop_width", side, nil, "width of the part to keep; else all right of crop_x", changesPixels: true)
  static let cropX = ConversionOption(
    "crop_x", place, .whole(0), "left edge of the part to keep, in pixels", changesPixels: true)
  static let cropY = ConversionOption(
    "crop_y", place, .whole(0), "upper edge of the part to keep, in pixels", changesPixels: true)
  package static let dpi = ConversionOption(
    "dpi", .whole(1...65_535), nil,
    "pixels per inch to write into a PNG or JPEG, to lay out a PDF page by, and to draw an SVG (else 96) or the pages of a "
      + "PDF (else 150) with", reach: .all)
  static let filter = ConversionOption(
    "filter", .choice(["lanczos3", "box"]), .word("lanczos3"), "how pixels are mixed when the size changes")
  package static let fit = ConversionOption(
    "fit", .choice(["inside", "outside", "cover", "contain", "fill"]), .word("inside"),
    "what width and height mean together: within them, around them, cut to them, padded to them, or stretched to them")
  static let flip = ConversionOption(
    "flip", .choice(["none", "horizontal", "vertical", "both"]), .word("none"),
    "mirrors left and right, top and bottom, or both, after rotate", changesPixels: true)
  package static let grayscale = ConversionOption(
    "grayscale", .flag, .flag(false), "takes the colour out", changesPixels: true)
  package static let height = ConversionOption(
    "height", side, nil, "height to resize to, in pixels", changesPixels: true)
  static let keep = ConversionOption(
    "keep", .words(["copyright", "profile"]), nil,
    "what strip leaves in: copyright and author of EXIF, IPTC, XMP and texts; a colour profile is kept in any case",
    reach: .all)
  package static let margin = ConversionOption(
    "margin", .whole(0...100), nil,
    "free space on every side of a PDF page, in millimetres; else none around a picture, 20 around text and 10 around a web page"
  )
  package static let merge = ConversionOption(
    "merge", .flag, .flag(false),
    "makes one PDF of several pictures, each a page in their order, or of several PDF documents")
  package static let neverEnlarge = ConversionOption(
    "never_enlarge", .flag, .flag(false), "leaves a picture that is smaller than width and height as it is")
  static let pageFit = ConversionOption(
    "page_fit", .choice(["contain", "shrink", "stretch"]), .word("contain"),
    "how a picture fills its PDF page: as large as it fits, only smaller when it must, or stretched")
  package static let pageOrientation = ConversionOption(
    "page_orientation", .choice(["auto", "portrait", "landscape"]), .word("auto"),
    "which way a PDF page lies; auto is as the picture does, and upright for text, but for a table that is too wide")
  package static let pageSize = ConversionOption(
    "page_size", .choice(PDFPage.names), .word("auto"),
    "size of a PDF page; auto is the picture's own, by its dpi or 96, and a4 for text and web pages")
  package static let progressive = ConversionOption(
    "progressive", .flag, .flag(false), "writes a JPEG that shows itself coarsely first", reach: .last)
  package static let quality = ConversionOption(
    "quality", .whole(1...100), .whole(85), "how much a JPEG, WebP, HEIC, AVIF or JPEG XL keeps", reach: .last)
  package static let rotate = ConversionOption(
    "rotate", .choice(["0", "90", "180", "270"]), .word("0"), "degrees to turn clockwise, after resizing",
    changesPixels: true)
  package static let strip = ConversionOption(
    "strip", .flag, .flag(true), "leaves out EXIF, XMP, IPTC, comments and resolution; a colour profile is always kept",
    reach: .all)
  static let subsampling = ConversionOption(
    "subsampling", .choice(["420", "422", "444"]), .word("420"), "how coarsely a JPEG keeps colour", reach: .last)
  package static let targetSize = ConversionOption(
    "target_size", .whole(256...1_000_000_000), nil,
    "most bytes that a JPEG or a PDF made of a PDF may have; quality is then the best to try", reach: .last)
  package static let thumbnail = ConversionOption(
    "thumbnail", side, nil, "longest side of a small copy; never enlarges, and stands for width, height and fit",
    changesPixels: true)
  package static let watermarkMargin = ConversionOption(
    "watermark_margin", place, .whole(32), "distance of a watermark from the edges that it stands at, in pixels")
  package static let watermarkOpacity = ConversionOption(
    "watermark_opacity", .whole(0...100), .whole(100), "how much of a watermark covers the picture, in percent")
  package static let watermarkPosition = ConversionOption(
    "watermark_position", .choice(WatermarkPlace.names), .word("bottom-right"), "where a watermark stands")
  package static let watermarkScale = ConversionOption(
    "watermark_scale", .whole(1...100), nil,
    "width of a watermark in percent of the picture's; else its own, or less where it is larger than the picture")
  package static let width = ConversionOption("width", side, nil, "width to resize to, in pixels", changesPixels: true)

  package static let watermarking = [watermarkMargin, watermarkOpacity, watermarkPosition, watermarkScale]

  /// What every conversion of pictures understands.
  static let pictures =
    adjusting + [
      allowDamaged, autoOrient, background, compression, cropHeight, cropWidth, cropX, cropY, dpi, filter, fit, flip,
      grayscale, height, keep, margin, neverEnlarge, pageFit, pageOrientation, pageSize, progressive, quality, rotate,
      strip, subsampling, targetSize, thumbnail, watermarkMargin, watermarkOpacity, watermarkPosition, watermarkScale,
      width,
    ]

  /// Those with any of which a picture is decoded and coded anew.
  static let changingPixels = pictures.filter(\.changesPixels)
}
