/// A character that no standard font has, with its place in the source.
package struct MissingCharacter: Error, Equatable, CustomStringConvertible {
  package let scalar: Unicode.Scalar
  /// Such as "line 3"; nil where it is not known.
  package var place: String?

  /// The character as U+XXXX, and where it stands.
  package var description: String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return place.map { "\(name) in \($0)" } ?? name
  }

  func at(_ place: String) -> MissingCharacter { MissingCharacter(scalar: scalar, place: place) }
}
