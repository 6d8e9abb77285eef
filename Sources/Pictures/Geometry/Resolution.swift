import Formats

/// How many pixels make an inch, along a row and along a column.
struct Resolution: Equatable {
  enum Unit: Double {
    case inch = 1
    case centimetre = 2.54
    case metre = 0.0254
  }

  let across: Double
  let down: Double

  /// Nil for numbers that no picture has; one that is missing is as the other.
  init?(_ across: Double, _ down: Double, per unit: Unit) {
    let plausible = 0.5..<65_535.5
    let across = across * unit.rawValue
    let down = down * unit.rawValue
    guard plausible.contains(across) || plausible.contains(down) else { return nil }
    self.across = plausible.contains(across) ? across : down
    self.down = plausible.contains(down) ? down : across
  }

  init?(_ across: Int, _ down: Int, per unit: Unit) {
    self.init(Double(across), Double(down), per: unit)
  }

  /// The same both ways.
  init(dpi: Int) { (across, down) = (Double(dpi), Double(dpi)) }

  /// Whole pixels of an inch, as JFIF writes them.
  var perInch: (across: Int, down: Int) { (Int(across.rounded()), Int(down.rounded())) }

  /// Whole pixels of a metre, as PNG and BMP write them.
  var perMetre: (across: Int, down: Int) {
    (Int((across / Unit.metre.rawValue).rounded()), Int((down / Unit.metre.rawValue).rounded()))
  }

  /// The same for a picture that was turned.
  var swapped: Resolution { Resolution(down, across, per: .inch) ?? self }
}
