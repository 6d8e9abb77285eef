import Formats

/// A rectangle within a picture, in pixels and fractions of them.
struct PixelBox: Equatable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  init(left: Double, top: Double, right: Double, bottom: Double) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  init(_ area: PixelArea) {
    self.init(
      left: Double(area.x), top: Double(area.y), right: Double(area.x + area.width),
      bottom: Double(area.y + area.height))
  }

  var width: Double { right - left }
  var height: Double { bottom - top }

  /// The same part of the picture after it has been made smaller by these factors.
  func shrunk(_ across: Double, _ down: Double) -> PixelBox {
    PixelBox(left: left / across, top: top / down, right: right / across, bottom: bottom / down)
  }
}
