/// Whose code reads and writes the pixels of PNG files.
package enum PNGCodec: String, Sendable, CaseIterable {
  /// Our own where it can, libpng for the rest.
  case fast
  /// libpng alone, to compare with.
  case lib
}
