package import Formats

/// The sides that a picture has after resizing, for whoever resizes it elsewhere.
package struct PictureSides: Sendable, Equatable {
  package let width: Int
  package let height: Int

  package init(width: Int, height: Int, resizedBy options: ConversionOptions) {
    let area = PixelArea(x: 0, y: 0, width: max(1, width), height: max(1, height))
    let size = PictureSize(of: area, options)
    (self.width, self.height) = (size.width, size.height)
  }
}
