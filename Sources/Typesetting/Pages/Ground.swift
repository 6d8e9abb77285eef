/// A plain area behind several boxes: the ground of code, the bar of a quotation.
struct Ground {
  /// What tells two of the same looks apart.
  let number: Int
  /// From the left margin of the page.
  let x: Double
  let width: Double
  let ink: StaticString
}
