import Formats

/// How a picture has to be turned before it looks as it was taken: the value of the EXIF tag 0x0112.
enum Orientation: Int, CaseIterable {
  case upright = 1
  case mirrored, halfTurned, flipped, transposed, quarterTurned, transversed, threeQuarterTurned

  /// The same turn as steps: first the sides change places, then the picture is mirrored on each axis.
  var steps: (swaps: Bool, mirrorsX: Bool, mirrorsY: Bool) {
    switch self {
    case .upright: (false, false, false)
    case .mirrored: (false, true, false)
    case .halfTurned: (false, true, true)
    case .flipped: (false, false, true)
    case .transposed: (true, false, false)
    case .quarterTurned: (true, true, false)
    case .transversed: (true, true, true)
    case .threeQuarterTurned: (true, false, true)
    }
  }

  init(swaps: Bool, mirrorsX: Bool, mirrorsY: Bool) {
    let fitting = Orientation.allCases.first { $0.steps == (swaps, mirrorsX, mirrorsY) }
    self = fitting ?? .upright
  }

  /// The turn that is this one and then another.
  func then(_ next: Orientation) -> Orientation {
    let (first, second) = (steps, next.steps)
    return Orientation(
      swaps: first.swaps != second.swaps,
      mirrorsX: (second.swaps ? first.mirrorsY : first.mirrorsX) != second.mirrorsX,
      mirrorsY: (second.swaps ? first.mirrorsX : first.mirrorsY) != second.mirrorsY)
  }

  /// True when width and height change places.
  var swapsSides: Bool { steps.swaps }

  /// True when only the pixels within each row change places.
  var staysInRows: Bool { self == .upright || self == .mirrored }

  /// Where an area of the turned picture lies in the stored one, which has these sides.
  func stored(_ area: PixelArea, width: Int, height: Int) -> PixelArea {
    let (swaps, mirrorsX, mirrorsY) = steps
    let (turnedWidth, turnedHeight) = swaps ? (height, width) : (width, height)
    let x = mirrorsX ? turnedWidth - area.x - area.width : area.x
    let y = mirrorsY ? turnedHeight - area.y - area.height : area.y
    return swaps
      ? PixelArea(x: y, y: x, width: area.height, height: area.width)
      : PixelArea(x: x, y: y, width: area.width, height: area.height)
  }
}
