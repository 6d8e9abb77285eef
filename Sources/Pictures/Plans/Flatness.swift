import Formats

/// Tells photographs from screenshots and drawings by a few rows.
enum Flatness {
  /// The share of pixels that repeat their left neighbour from which a picture counts as drawn, in percent.
  static let drawnShare = 50
  /// About as many of the rows are looked at, evenly spread.
  static let mostRows = 64

  static func content(of rows: UnsafeRawBufferPointer, _ header: PictureHeader) -> PNGWriter.Content {
    let channels = header.channels
    let count = rows.count / header.bytesPerRow
    guard header.width > 1, count > 0 else { return .drawing }
    var (repeats, pixels) = (0, 0)
    for row in stride(from: 0, to: count, by: max(1, count / mostRows)) {
      pixels += header.width - 1
      let start = row * header.bytesPerRow
      for offset in stride(from: start + channels, to: start + header.bytesPerRow, by: channels) {
        var isSame = true
        for channel in offset..<offset + channels where rows[channel] != rows[channel - channels] { isSame = false }
        if isSame { repeats += 1 }
      }
    }
    return repeats * 100 >= pixels * drawnShare ? .drawing : .photograph
  }
}
