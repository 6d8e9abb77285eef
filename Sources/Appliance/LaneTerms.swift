import Basics
import Formats

/// How many jobs of a lane run at once, and for how long.
struct LaneTerms {
  /// Of one workspace.
  let workers: Int
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
    jobTime = settings.span(time)
    // A film is one conversion, and takes as long as a job may.
    conversionTime = lane == .media ? jobTime : settings.span(.conversionTime)
  }
}
