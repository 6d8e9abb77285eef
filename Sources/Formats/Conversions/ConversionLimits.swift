package import Basics

/// What one conversion may use; checked before the work where possible, else enforced by the kernel.
package struct ConversionLimits: Sendable, Hashable {
  /// No side is ever longer, whatever the operator sets.
  package static let longestSide = 1_000_000

  /// Width times height of a picture.
  package var maxPixels = 50_000_000
  /// Width or height of a picture.
  package var maxSide = ConversionLimits.longestSide
  /// Size of the output.
  package var maxOutputBytes: Int64 = 2 << 30
  /// Address space of the child.
  package var memoryBytes: Int64 = 1 << 30
  /// Processor time of the child.
  package var cpuSeconds = 30
  /// Whose PNG codec is used.
  package var pngCodec = PNGCodec.fast
  /// What reads a large picture ahead of the caller's thread, which writes it; without, the caller's does both in turn.
  package var thread: SecondThread?

  package init() {}

  /// The same for a user's own files, which may take what the disk has.
  package var withoutBudget: ConversionLimits {
    var limits = self
    limits.maxOutputBytes = .max
    return limits
  }

  /// What the operator has set.
  package init(_ settings: Settings) {
    maxPixels = Int(settings.number(.maxPixels))
    maxSide = Int(settings.number(.maxSide))
    maxOutputBytes = settings.number(.maxOutput)
    pngCodec = PNGCodec(rawValue: settings.text(.pngCodec)) ?? .fast
  }
}
