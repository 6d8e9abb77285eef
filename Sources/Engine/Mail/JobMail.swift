/// Mail about the end of a job, or of a batch whose outputs come as one file; worded as Enconvert's page describes it.
package struct JobMail: Sendable {
  /// One row of a batch's table.
  package struct Task: Sendable {
    package let url: String
    package let status: String
    package let output: String?

    package init(url: String, status: String, output: String?) {
      self.url = url
      self.status = status
      self.output = output
    }
  }

  /// "truncated to 50 characters", the mark of it included.
  static let longestURL = 50

  /// Nil for a batch that has none of its own.
  package let jobID: String?
  package let batchID: String?
  package let isSuccess: Bool
  package let error: String?
  /// Where the dashboard is.
  package let dashboard: String
  /// Empty but for batches in ZIP mode.
  package let tasks: [Task]

  package init(
    jobID: String?, batchID: String?, isSuccess: Bool, error: String? = nil, dashboard: String, tasks: [Task] = []
  ) {
    self.jobID = jobID
    self.batchID = batchID
    self.isSuccess = isSuccess
    self.error = error
    self.dashboard = dashboard
    self.tasks = tasks
  }

  package var text: MailText {
    let outcome = isSuccess ? "SUCCESS" : "FAILED"
    let rows = tasks.enumerated().map { number, task -> [String: MailTemplate.Value] in
      [
        "number": .text(String(number + 1)), "url": .text(JobMail.cut(task.url)), "status": .text(task.status),
        "output": .text(task.output ?? ""),
      ]
    }
    let pointer =
      isSuccess ? "The files can be downloaded from the dashboard:" : "The dashboard shows more about the job:"
    let values: [String: MailTemplate.Value] = [
      "title": .text("Job Completion: \(outcome)"), "colour": .text(MailText.colour(isGood: isSuccess)),
      "job": .text(jobID ?? ""), "batch": .text(batchID ?? ""), "status": .text(isSuccess ? "success" : "failed"),
      "error": .text(error ?? ""), "pointer": .text(pointer), "dashboard": .text(dashboard), "tasks": .rows(rows),
      "table": .text(rows.isEmpty ? "" : "yes"),
    ]
    return MailText(
      subject: "Job Completion: \(outcome)", text: MailTemplate(embedded: "job.txt").filled(values),
      html: MailTemplate(embedded: "job.html").filled(values))
  }

  private static func cut(_ url: String) -> String {
    url.count > longestURL ? url.prefix(longestURL - 1) + "…" : url
  }
}
