import Formats

/// What is done to the pixels of one picture, worked out from its sides and the options before any pixel is read.
struct PicturePlan: Equatable {
  /// The part of the stored picture that is used.
  var box: PixelBox
  /// The size that part is resized to, as stored; equal to the part's when nothing is resized.
  var width: Int
  var height: Int
  /// How the stored picture is turned after that.
  var turn: Orientation
  /// The size that the turned picture is padded to.
  var padding: (width: Int, height: Int)?

  static func == (left: PicturePlan, right: PicturePlan) -> Bool {
    left.box == right.box && left.width == right.width && left.height == right.height && left.turn == right.turn
      && left.padding?.width == right.padding?.width && left.padding?.height == right.padding?.height
  }

  /// `orientation` is what turns the stored picture upright.
  ///
  /// Throws when the part to keep lies outside the picture.
  init(_ header: PictureHeader, _ orientation: Orientation, _ options: ConversionOptions) throws(ConversionFailure) {
    let upright = orientation.header(of: header)
    let area = try PicturePlan.crop(upright, options)
    let size = PictureSize(of: area, options)
    var exact = PixelBox(orientation.stored(area, width: header.width, height: header.height))
    if let cut = size.cut {
      // Centred, and kept in fractions of a pixel, so that nothing is stretched.
      let (across, down) = orientation.swapsSides ? (cut.height, cut.width) : (cut.width, cut.height)
      exact.left += (exact.width - across) / 2
      exact.right = exact.left + across
      exact.top += (exact.height - down) / 2
      exact.bottom = exact.top + down
    }
    let asked = PicturePlan.turn(options)
    box = exact
    (width, height) = orientation.swapsSides ? (size.height, size.width) : (size.width, size.height)
    turn = orientation.then(asked)
    padding = size.padding.map { asked.swapsSides ? ($0.height, $0.width) : $0 }
  }

  private static func crop(
    _ header: PictureHeader, _ options: ConversionOptions
  ) throws(ConversionFailure) -> PixelArea {
    let (x, y) = (options.whole(.cropX) ?? 0, options.whole(.cropY) ?? 0)
    guard x < header.width, y < header.height else {
      throw ConversionFailure(
        .unsupportedConversion,
        "crop_x and crop_y lie outside the picture, which has \(header.width) x \(header.height) pixels")
    }
    return PixelArea(
      x: x, y: y, width: min(options.whole(.cropWidth) ?? header.width, header.width - x),
      height: min(options.whole(.cropHeight) ?? header.height, header.height - y))
  }

  private static func turn(_ options: ConversionOptions) -> Orientation {
    let rotation: Orientation =
      switch options.word(.rotate) {
      case "90": .quarterTurned
      case "180": .halfTurned
      case "270": .threeQuarterTurned
      default: .upright
      }
    let flip: Orientation =
      switch options.word(.flip) {
      case "horizontal": .mirrored
      case "vertical": .flipped
      case "both": .halfTurned
      default: .upright
      }
    return rotation.then(flip)
  }
}
