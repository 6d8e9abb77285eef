package import Formats

extension Conversion {
  /// True when pixels are written, which a second thread can be ahead of.
  package var writesPicture: Bool { PictureTarget.all.contains { $0.format == to } && !options.flag(.compare) }
}
