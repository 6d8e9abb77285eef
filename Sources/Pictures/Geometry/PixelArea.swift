import Formats

/// A rectangle of whole pixels within a picture.
struct PixelArea: Equatable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int
}
