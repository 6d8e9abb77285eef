import Basics

/// An opaque colour of three 8-bit samples.
package struct Colour: Sendable, Hashable, CustomStringConvertible {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  package static let white = Colour(red: 255, green: 255, blue: 255)

  /// The sixteen names of CSS level 1.
  package static let names: [(name: String, colour: Colour)] = [
    ("black", Colour(red: 0, green: 0, blue: 0)), ("silver", Colour(red: 192, green: 192, blue: 192)),
    ("gray", Colour(red: 128, green: 128, blue: 128)), ("white", .white),
    ("maroon", Colour(red: 128, green: 0, blue: 0)), ("red", Colour(red: 255, green: 0, blue: 0)),
    ("purple", Colour(red: 128, green: 0, blue: 128)), ("fuchsia", Colour(red: 255, green: 0, blue: 255)),
    ("green", Colour(red: 0, green: 128, blue: 0)), ("lime", Colour(red: 0, green: 255, blue: 0)),
    ("olive", Colour(red: 128, green: 128, blue: 0)), ("yellow", Colour(red: 255, green: 255, blue: 0)),
    ("navy", Colour(red: 0, green: 0, blue: 128)), ("blue", Colour(red: 0, green: 0, blue: 255)),
    ("teal", Colour(red: 0, green: 128, blue: 128)), ("aqua", Colour(red: 0, green: 255, blue: 255)),
  ]

  /// Reads "#rrggbb", "#rgb" or a name, in any case; else nil.
  package init?(_ text: String) {
    let text = text.lowercased()
    if let named = Colour.names.first(where: { $0.name == text }) {
      self = named.colour
      return
    }
    guard text.hasPrefix("#") else { return nil }
    var digits = text.dropFirst().map { String($0) }
    if digits.count == 3 { digits = digits.map { $0 + $0 } }
    guard digits.count == 6 || digits.count == 3, let bytes = Hexadecimal.decode(digits.joined()), bytes.count == 3
    else { return nil }
    self.init(red: bytes[0], green: bytes[1], blue: bytes[2])
  }

  package var isGrey: Bool { red == green && green == blue }

  /// The colour as "#rrggbb".
  package var description: String { "#" + Hexadecimal.encode([red, green, blue]) }
}
