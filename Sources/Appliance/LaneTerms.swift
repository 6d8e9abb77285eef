import Basics
import Formats

/// How many jobs of a lane run at once, and for how long.
struct LaneTerms {
  /// Of one workspace.
  let workers: Int
  /// Those of them that it has only while nobody else is about: more than there are cores.
  let spare: Int
  /// The longest time for one conversion.
  let conversionTime: Duration
  /// The longest time for one job with all its files.
  let jobTime: Duration

  init(_ lane: Lane, _ settings: Settings, _ shares: DescriptorShares) {
    let time: Setting
    switch lane {
    case .quick: (workers, time) = (shares.workers, .jobTime)
    case .office: (workers, time) = (shares.documents, .officeJobTime)
    case .media: (workers, time) = (shares.films, .mediaJobTime)
    case .page: (workers, time) = (shares.pages, .pageJobTime)
    }
    spare = max(0, workers - Program.cores)
    jobTime = settings.span(time)
    // A film is one conversion, and takes as long as a job may.
    conversionTime = lane == .media ? jobTime : settings.span(.conversionTime)
  }
}
