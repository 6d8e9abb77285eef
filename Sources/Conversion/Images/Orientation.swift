/// How a picture has to be turned before it looks as it was taken: the value of the EXIF tag 0x0112.
enum Orientation: Int, CaseIterable {
  case upright = 1
  case mirrored, halfTurned, flipped, transposed, quarterTurned, transversed, threeQuarterTurned

  /// True when width and height change places.
  var swapsSides: Bool { rawValue >= Orientation.transposed.rawValue }

  /// True when only the pixels within each row change places.
  var staysInRows: Bool { rawValue <= Orientation.mirrored.rawValue }

  func header(of header: PictureHeader) -> PictureHeader {
    swapsSides
      ? PictureHeader(width: header.height, height: header.width, channels: header.channels) : header
  }
}
