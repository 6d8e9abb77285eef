import CImage
import Formats

/// The C libraries behind the pictures.
package enum ImageLibraries {
  /// Their names and versions, for people who report a fault.
  package static var versions: [(name: String, version: String)] {
    [
      ("libpng", String(cString: cimage_png_version())), ("libjpeg-turbo", String(cString: cimage_jpeg_version())),
      ("zlib", String(cString: cimage_zlib_version())),
    ]
  }
}
