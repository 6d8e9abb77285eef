import Formats
import Glibc

/// The curve by which the neighbours of a pixel are weighed when a picture changes its size.
enum ResizeKernel: String {
  case lanczos3, box

  /// How far the curve reaches to each side, in pixels of the smaller picture.
  var support: Double {
    switch self {
    case .lanczos3: 3
    case .box: 0.5
    }
  }

  /// How many times as large as the result a picture is left by the cheap first step over whole blocks.
  var blockMargin: Double {
    switch self {
    case .lanczos3: 3
    case .box: 10
    }
  }

  func weight(_ distance: Double) -> Double {
    switch self {
    case .box: distance > -0.5 && distance <= 0.5 ? 1 : 0
    case .lanczos3: abs(distance) < 3 ? ResizeKernel.sinc(distance) * ResizeKernel.sinc(distance / 3) : 0
    }
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(x * .pi) / (x * .pi)
  }
}
