import Formats

/// Where a watermark stands on its picture: one of nine places.
struct WatermarkPlace: Equatable {
  private static let rows = ["top", "center", "bottom"]
  private static let columns = ["left", "center", "right"]

  /// Row by row from the top left; the middle of all is "center".
  static let names = rows.flatMap { row in columns.map { row == $0 ? row : "\(row)-\($0)" } }

  private let row: Int
  private let column: Int

  /// Nil when the name is none of `names`.
  init?(_ name: String) {
    guard let index = WatermarkPlace.names.firstIndex(of: name) else { return nil }
    (row, column) = index.quotientAndRemainder(dividingBy: 3)
  }

  /// The left and upper edge of a watermark that is no larger than its picture; a margin that does not fit gives way.
  func corner(of watermark: PictureHeader, on picture: PictureHeader, margin: Int) -> (x: Int, y: Int) {
    func start(_ place: Int, _ room: Int) -> Int {
      switch place {
      case 0: min(margin, room)
      case 1: room / 2
      default: max(0, room - margin)
      }
    }
    return (start(column, picture.width - watermark.width), start(row, picture.height - watermark.height))
  }
}
