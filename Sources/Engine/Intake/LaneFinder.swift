import Conversion
import Formats
import Storage

/// Finds the lane of a job, that of its heaviest step.
struct LaneFinder: Sendable {
  let catalogue: Catalogue

  /// The lane of tasks over files of these formats; nil is a file of no format that is known.
  func lane(of wishes: [Wish], over formats: Set<Format?>) -> Lane {
    guard catalogue.hasTools else { return .quick }
    return lane(wishes.map { (from: $0.from, to: $0.to, options: $0.options) }, formats)
  }

  /// The same by the rows of a job.
  func lane(of job: Job, in database: Database) throws -> Lane {
    guard catalogue.hasTools else { return .quick }
    let formats = try Inputs.all(job: job.id, in: database).filter { $0.role == .source }.map { input in
      Format.named(input.format ?? job.sourceFormat)
    }
    let secrets = try Secrets.all(job, in: database)
    var before: Format?
    let tasks = try Tasks.all(job, in: database).compactMap { task in
      try Format.named(task.targetFormat).map { target in
        let from = before ?? Format.named(job.sourceFormat)
        let options = try task.options(from: from, among: catalogue, secrets)
        if job.extras.contains(.chain) { before = target }
        return (from: from, to: target, options: options)
      }
    }
    return lane(tasks, Set(formats))
  }

  private func lane(
    _ tasks: [(from: Format?, to: Format, options: ConversionOptions)], _ formats: Set<Format?>
  ) -> Lane {
    // A file of any format may be made by whatever makes the target, so only what the files are tells, where it is known.
    let known = formats.subtracting([nil])
    var heaviest = Lane.quick
    for task in tasks {
      for format in task.from.map({ [$0] }) ?? (known.isEmpty ? [nil] : known) {
        let steps = catalogue.steps(of: Conversion(from: format, to: task.to, options: task.options)) ?? []
        for step in steps where step.maker.lane.rawValue > heaviest.rawValue { heaviest = step.maker.lane }
      }
    }
    return heaviest
  }
}
