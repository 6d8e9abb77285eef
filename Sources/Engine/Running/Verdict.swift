import Basics
import Conversion
import Formats
import Glibc
import Storage

/// What an attempt that brought no result means for its job.
enum Verdict {
  /// This process stops.
  case givenBack
  /// The disk is full or in trouble.
  case delayed(ConversionFailure)
  case fault(ConversionFailure)
  case workerDeath(ConversionFailure)
  case failed(ConversionFailure)

  /// The verdict on an attempt that ended with `error`, in a process that `stops` or does not.
  init(of error: any Error, stops: Bool) {
    let failure = error as? ConversionFailure
    if let failure {
      self =
        if stops && (failure.isWorkerDeath || failure.code == .canceled) {
          .givenBack
        } else if failure.isWorkerDeath {
          .workerDeath(failure)
        } else if failure.code == .diskFull {
          .delayed(failure)
        } else if failure.code != .internalError {
          .failed(failure)
        } else {
          .fault(failure)
        }
    } else if error is SystemFailure || error is DatabaseFailure || error is StoreFailure {
      self = stops ? .givenBack : .delayed(Verdict.failure(of: error))
    } else {
      self = .fault(ConversionFailure(.internalError, "the job could not be run"))
    }
  }

  /// What a client is told when the disk stays in trouble.
  private static func failure(of error: any Error) -> ConversionFailure {
    if let failure = error as? SystemFailure, failure.code == ENOSPC || failure.code == EDQUOT {
      return ConversionFailure(.diskFull, "the server's disk has no room for the output")
    }
    return ConversionFailure(.internalError, "the server could not read or write its files")
  }
}
