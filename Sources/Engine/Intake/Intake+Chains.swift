import Conversion
import Formats
import Storage

/// Presets with several steps, which a job goes through one after the other.
extension Intake {
  /// The submission with the steps of its preset as its tasks; blocks while files are looked at.
  ///
  /// Throws a `Refusal` when more is asked for beside such a preset, and when a step keeps a format that nobody knows.
  func followingSteps(_ submission: Submission, _ submitter: Submitter) throws -> Submission {
    guard submission.tasks.contains(where: { $0.preset != nil }) else { return submission }
    for task in submission.tasks {
      guard let name = task.preset,
        let preset = try store.read({ try Presets.find(submitter.workspace.id, name: name, in: $0) }),
        let steps = preset.chain
      else { continue }
      guard submission.tasks.count == 1, task.to == nil, task.options.isEmpty, submission.starts,
        submission.site == nil
      else {
        throw Refusal.invalidFields.naming([
          .init(.preset, "\"\(name)\" has steps of its own, so a job of it names no target and no options beside it")
        ])
      }
      return try following(steps, submission)
    }
    return submission
  }

  /// The same with steps that somebody has read already.
  package func following(_ steps: [PresetStep], _ submission: Submission) throws -> Submission {
    var submission = submission
    var known = submission.takesAnything ? try Intake.format(of: submission.sources) : submission.from
    submission.tasks = try steps.map { step in
      guard let target = step.target ?? known else {
        throw Refusal.invalidFields.naming([
          .init(.preset, "keeps the format of its files, so these must all be of one that is known")
        ])
      }
      known = target
      return Submission.Task(to: target, options: step.options)
    }
    if steps.count > 1 { submission.extras.insert(.chain) }
    return submission
  }

  /// The one format of all sources, as far as their first bytes or their names tell.
  private static func format(of sources: [Submission.Source]) throws -> String? {
    let formats = try sources.map { source -> Format? in
      switch source {
      case .file(let file): try Sniffer.type(ofFileAt: file.path).best(named: file.name)
      case .address(let address, let name): named(name ?? FileNames.last(of: address))
      case .stored(_, let name): name.flatMap(named)
      case .cloud(let file): named(file.name ?? file.spot.path)
      case .page: nil
      }
    }
    return Set(formats).count == 1 ? formats.first??.name : nil
  }

  private static func named(_ name: String) -> Format? {
    Format.named(String(FileNames.split(name).ending.dropFirst()).lowercased())
  }
}

extension Submission {
  /// As the next step of it finds it: with what was made of all of its sources.
  func goingOn(as format: Format) -> Submission {
    var next = self
    next.from = format.name
    next.sources = Array(sources.prefix(1))
    next.overlay = nil
    return next
  }
}
