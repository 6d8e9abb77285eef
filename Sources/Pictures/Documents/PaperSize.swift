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

  /// ISO 216, and what is usual in North America.
  package static let all =
    series("a", [(841, 1189), (594, 841), (420, 594), (297, 420), (210, 297), (148, 210), (105, 148)])
    + series("b", [(1000, 1414), (707, 1000), (500, 707), (353, 500), (250, 353), (176, 250), (125, 176)]) + [
      PaperSize("letter", 612, 792), PaperSize("legal", 612, 1008), PaperSize("tabloid", 792, 1224),
      PaperSize("ledger", 1224, 792),
    ]

  /// Sizes in millimetres, from 0 on.
  private static func series(_ letter: String, _ sizes: [(Double, Double)]) -> [PaperSize] {
    sizes.enumerated().map { PaperSize("\(letter)\($0)", $1.0 * millimetre, $1.1 * millimetre) }
  }

  /// Nil for a name that is none of a size.
  package static func named(_ name: String?) -> PaperSize? { all.first { $0.name == name } }
}
