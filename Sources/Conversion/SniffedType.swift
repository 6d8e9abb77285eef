/// What a file really is by its first bytes, whatever its name says.
package struct SniffedType: Sendable, Equatable {
  /// A short name; that of a `Format` when it is one.
  package let name: String
  /// Words that complete "the file is …".
  package let description: String

  /// The format, when it is one that can be converted here.
  package var format: Format? { Format.all.first { $0.name == name } }
}
