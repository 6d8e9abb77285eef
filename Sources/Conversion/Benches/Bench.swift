package import Formats

/// Where a step is made: in a decoder's child, or by a program of others.
package protocol Bench: Sendable {
  /// Blocks until the files are made, or throws why they are not; what was written then is nobody's.
  func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile]

  /// Cancels what is being made; nothing is made from then on.
  func close()
}

/// One step with its files; whoever ordered it closes them.
package struct Order {
  package let step: Step
  /// The formats and options of this step alone.
  package let conversion: Conversion
  package let files: ConversionFiles
  /// Opens one more file for a step that makes several; asked for after the first, in the order of the results.
  package let another: () throws(ConversionFailure) -> Int32
  /// Whose files they are, where the place may have had others of the same owner; nil for a place of their own.
  package var owner: Int64?
  package var timeLimit: Duration
  /// What all outputs together may have.
  package var mostBytes: Int64
  package var isWide = false
  /// True for files of strangers, which must not have this server call anybody.
  package var isOffline = false
  /// True for what gets the processor time that others leave.
  package var yields = false
  /// What the same step of the same job has after a restart, too; nil for what nobody comes back for.
  package var key: String?

  package init(
    step: Step, conversion: Conversion, files: ConversionFiles, timeLimit: Duration, mostBytes: Int64,
    another: @escaping () throws(ConversionFailure) -> Int32 = Order.noOther
  ) {
    self.step = step
    self.conversion = conversion
    self.files = files
    self.timeLimit = timeLimit
    self.mostBytes = mostBytes
    self.another = another
  }

  /// For who has room for one output only.
  package static func noOther() throws(ConversionFailure) -> Int32 {
    throw ConversionFailure(.unsupportedConversion, "several files are made, and there is a name for one only")
  }
}

/// What whoever ordered a step hears and says meanwhile, on the calling thread.
package struct Watch {
  package let progress: (Int) -> Void
  package let isCanceled: () -> Bool
  /// Hears how long the step has waited for a machine, which is no time at work.
  package let waited: (Duration) -> Void

  package init(
    progress: @escaping (Int) -> Void = { _ in }, isCanceled: @escaping () -> Bool = { false },
    waited: @escaping (Duration) -> Void = { _ in }
  ) {
    self.progress = progress
    self.isCanceled = isCanceled
    self.waited = waited
  }
}

/// A file that was made, in one of the order's descriptors.
package struct MadeFile {
  package let descriptor: Int32
  package let outcome: ConversionOutcome
  /// What tells it from the others of the same source, such as the number of its page; nil when it is the only one.
  package let label: String?
  /// What it was in the file that it comes from; nil for what was made.
  package let part: FilePart?

  package init(descriptor: Int32, outcome: ConversionOutcome, label: String? = nil, part: FilePart? = nil) {
    self.descriptor = descriptor
    self.outcome = outcome
    self.label = label
    self.part = part
  }
}
