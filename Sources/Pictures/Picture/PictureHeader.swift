import CImage
import Formats

/// What is known of a picture before its pixels.
struct PictureHeader: Equatable {
  let width: Int
  let height: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  let channels: Int

  init(width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
  }

  init(_ header: cimage_header) {
    self.init(width: Int(header.width), height: Int(header.height), channels: Int(header.channels))
  }

  var native: cimage_header {
    cimage_header(width: UInt32(width), height: UInt32(height), channels: UInt32(channels))
  }

  var bytesPerRow: Int { width * channels }

  /// True for a picture of at least a megapixel; what a second thread saves of a smaller one is not worth its making.
  var isWorthTwoThreads: Bool { width * height >= 1_000_000 }

  /// Refuses a picture over the limits; nothing has been allocated for its pixels yet.
  func check(_ limits: ConversionLimits, maxPixels: Int?) throws(ConversionFailure) {
    let most = min(limits.maxPixels, maxPixels ?? .max)
    let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, width <= limits.maxSide, height <= limits.maxSide, !overflows, pixels <= most else {
      throw ConversionFailure(
        .tooManyPixels,
        "the picture has \(width) x \(height) pixels; \(most) pixels and \(limits.maxSide) on a side are allowed")
    }
  }
}

extension Orientation {
  /// What a stored picture is once it has been turned.
  func header(of header: PictureHeader) -> PictureHeader {
    swapsSides
      ? PictureHeader(width: header.height, height: header.width, channels: header.channels) : header
  }
}
