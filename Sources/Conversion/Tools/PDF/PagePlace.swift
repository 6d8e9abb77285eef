import Formats

/// Where a line stands on its page: one of nine places.
struct PagePlace {
  private static let rows = ["top", "center", "bottom"]
  private static let columns = ["left", "center", "right"]

  /// Row by row from the top left; the middle of all is "center".
  static let names = rows.flatMap { row in columns.map { row == $0 ? row : "\(row)-\($0)" } }
  /// Those in the uppermost and the lowest row.
  static let edges = names.filter { $0.hasPrefix("top") || $0.hasPrefix("bottom") }

  /// 0 is the uppermost row, and the column on the left.
  let row: Int
  let column: Int

  /// The middle where the name is none of `names`.
  init(_ name: String?) {
    let index = PagePlace.names.firstIndex { $0 == name } ?? 4
    (row, column) = index.quotientAndRemainder(dividingBy: 3)
  }

  /// The centre of a box on a page, in points from the lower left corner; a margin that leaves no room gives way.
  func centre(
    of box: (width: Double, height: Double), on page: (width: Double, height: Double), margin: Double
  ) -> (x: Double, y: Double) {
    func centre(_ place: Int, _ size: Double, _ room: Double) -> Double {
      let margin = max(0, min(margin, (room - size) / 2))
      return switch place {
      case 0: margin + size / 2
      case 1: room / 2
      default: room - margin - size / 2
      }
    }
    return (centre(column, box.width, page.width), page.height - centre(row, box.height, page.height))
  }
}
