/// A size of paper that pages can have, standing upright, in points.
package struct PaperSize: Sendable {
  /// Points of a millimetre.
  package static let millimetre = 72 / 25.4

  package let name: String
  package let width: Double
  package let height: Double

  private init(_ name: String, _ width: Double, _ height: Double) {
    (self.name, self.width, self.height) = (name, width, height)
  }

  package static let all = [
    PaperSize("a3", 841.89, 1190.55), PaperSize("a4", 595.28, 841.89), PaperSize("a5", 419.53, 595.28),
    PaperSize("letter", 612, 792), PaperSize("legal", 612, 1008),
  ]

  /// Nil for a name that is none of a size.
  package static func named(_ name: String?) -> PaperSize? { all.first { $0.name == name } }
}
