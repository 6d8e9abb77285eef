import Formats

/// What a child is to do, with the descriptors that go with it.
struct WorkerJob: Sendable {
  /// The message, given whether the child is to stay for another job.
  let request: @Sendable (_ stays: Bool) -> ChildRequest
  let descriptors: [Int32]
  /// What the output may have.
  var mostBytes = Int64.max
  /// Whose files they are, when the child may have had files of the same owner before and may get more; nil for a child of
  /// its own.
  var owner: Int64?
  /// True when a second thread is to help.
  var isWide = false
  /// True when other jobs have the processor before it.
  var yields = false
  /// True when it waits for as long as it may take while no process can be had.
  var isPatient = false

  static func probe(isWide: Bool) -> WorkerJob {
    WorkerJob(request: { _ in .probe }, descriptors: [], owner: nil, isWide: isWide)
  }
}
