import Formats

/// The size that a picture is resized to, and what is cut off or added to reach the size that was asked for.
struct PictureSize {
  var width: Int
  var height: Int
  /// The sides of the centred part that is used; nil for all of it.
  var cut: (width: Double, height: Double)?
  var padding: (width: Int, height: Int)?

  init(of area: PixelArea, _ options: ConversionOptions) {
    let thumbnail = options.whole(.thumbnail)
    let asked = (width: thumbnail ?? options.whole(.width), height: thumbnail ?? options.whole(.height))
    let neverEnlarges = thumbnail != nil || options.flag(.neverEnlarge)
    let fit = thumbnail != nil ? "inside" : options.word(.fit) ?? "inside"
    (width, height) = (area.width, area.height)
    let across = asked.width.map { Double($0) / Double(area.width) }
    let down = asked.height.map { Double($0) / Double(area.height) }
    guard let first = across ?? down else { return }
    let second = down ?? first

    if asked.width == nil || asked.height == nil || fit == "inside" || fit == "outside" || fit == "contain" {
      var factor = fit == "outside" ? max(first, second) : min(first, second)
      if neverEnlarges { factor = min(factor, 1) }
      scale(area, factor)
      if fit == "contain", let width = asked.width, let height = asked.height {
        padding = (max(width, self.width), max(height, self.height))
      }
    } else if let askedWidth = asked.width, let askedHeight = asked.height {
      if fit == "cover" {
        var factor = max(first, second)
        if neverEnlarges { factor = min(factor, 1) }
        width = min(askedWidth, max(1, Int((Double(area.width) * factor).rounded())))
        height = min(askedHeight, max(1, Int((Double(area.height) * factor).rounded())))
        cut = (
          min(Double(width) / factor, Double(area.width)), min(Double(height) / factor, Double(area.height))
        )
      } else if !neverEnlarges || (askedWidth <= area.width && askedHeight <= area.height) {
        (width, height) = (askedWidth, askedHeight)
      }
    }
  }

  private mutating func scale(_ area: PixelArea, _ factor: Double) {
    width = max(1, Int((Double(area.width) * factor).rounded()))
    height = max(1, Int((Double(area.height) * factor).rounded()))
  }
}
