package import Formats

/// What a finished conversion left in the output file.
package struct ConversionOutcome: Sendable, Equatable {
  package let size: Int64
  /// Sides of the picture or of the first page, in pixels; nil for what is none.
  package let width: Int?
  package let height: Int?
  /// 32 bytes, over the whole output.
  package let sha256: [UInt8]
  /// Each once.
  package var warnings: [ConversionWarning] = []
  /// Where the list of the files begins that stand one behind the other in the output; nil for one file.
  package var list: Int64?
  /// What the child process used; nil when the conversion ran in this process, or the child may go on to another.
  package var usage: ResourceUsage?
}
