import Storage

/// Something that the maker of a job should know: why it failed, or what was wrong though it did not.
package struct JobNotice: Sendable, Equatable {
  package enum Grade: Sendable {
    case error, warning
  }

  package enum Subject: Sendable, Equatable {
    case job
    /// The row of a file that it works on.
    case input(Int64)
    /// The position of a task.
    case task(Int)
    /// The row of a file that it made.
    case output(Int64)
  }

  package let grade: Grade
  package let subject: Subject
  /// A stable word.
  package let code: String
  /// A sentence.
  package let message: String
}

extension JobNotice {
  /// The errors of a job first, then the warnings of its outputs in their order.
  static func all(_ view: JobView, _ inputs: [Input], _ tasks: [JobTask]) -> [JobNotice] {
    errors(view.job, inputs, tasks) + warnings(view.warnings)
  }

  private static func errors(_ job: Job, _ inputs: [Input], _ tasks: [JobTask]) -> [JobNotice] {
    let failed = inputs.filter { $0.status == .failed }
    // A job that has started all the same has failed by something else, if at all.
    let hasStarted = job.startedAt != nil
    let code = hasStarted ? "input_failed" : job.errorCode ?? "input_failed"
    let ofInputs = failed.map { input in
      JobNotice(grade: .error, subject: .input(input.id), code: code, message: input.errorMessage ?? "")
    }
    guard let message = job.errorMessage, failed.isEmpty || hasStarted else { return ofInputs }
    // Which of several tasks it was is not kept.
    let isOfTask = hasStarted && tasks.count == 1
    return ofInputs + [
      .init(
        grade: .error, subject: isOfTask ? .task(0) : .job, code: job.errorCode ?? "failed", message: message)
    ]
  }

  private static func warnings(_ warnings: [JobWarning]) -> [JobNotice] {
    warnings.map { .init(grade: .warning, subject: .output($0.outputID), code: $0.code, message: $0.message) }
  }
}
