import Formats
import Pictures

/// How large a drawing becomes, and where it lies on its page.
struct SVGSize {
  struct Sides: Equatable {
    let width: Int
    let height: Int
  }

  let drawing: Sides
  let page: Sides
  let left: Int
  let top: Int

  /// By the sides that it has, in pixels, and the options of its size.
  init(_ across: Double, _ down: Double, _ options: ConversionOptions) {
    func whole(_ side: Double) -> Int { Int(min(1e9, max(1, side.rounded()))) }
    let own = Sides(width: whole(across), height: whole(down))
    let fit = options.whole(.thumbnail) == nil ? options.word(.fit) : nil
    guard let width = options.whole(.width), let height = options.whole(.height), fit == "cover" || fit == "contain"
    else {
      let size = PictureLimit.resized(own.width, own.height, options)
      drawing = Sides(width: size.width, height: size.height)
      (page, left, top) = (drawing, 0, 0)
      return
    }
    let factors = (Double(width) / across, Double(height) / down)
    var factor = fit == "cover" ? max(factors.0, factors.1) : min(factors.0, factors.1)
    if options.flag(.neverEnlarge) { factor = min(factor, 1) }
    drawing = Sides(width: whole(across * factor), height: whole(down * factor))
    page =
      fit == "cover"
      ? Sides(width: min(width, drawing.width), height: min(height, drawing.height))
      : Sides(width: max(width, drawing.width), height: max(height, drawing.height))
    left = (page.width - drawing.width) / 2
    top = (page.height - drawing.height) / 2
  }
}
