import Conversion
import Formats

/// What decides how many bytes an output may have, with the figure that a client is told.
enum RoomLimit: Equatable {
  /// What one file may have.
  case file(Int64)
  /// What all files of a job may have.
  case job(Int64)
  /// What a workspace may store.
  case workspace(Int64)
  /// The free space that is kept for others.
  case disk

  /// Why an output was not made that would have been larger.
  func failure(_ excess: ConversionFailure.Excess?) -> ConversionFailure {
    let output =
      if case .known(let bytes)? = excess { "the output would have \(bytes) bytes" } else { "the output is too large" }
    return switch self {
    case .file(let most):
      ConversionFailure(.outputTooLarge, "\(output); one file may have \(most)", excess: excess)
    case .job(let most):
      ConversionFailure(.outputTooLarge, "\(output); all files of a job may have \(most) together", excess: excess)
    case .workspace(let most):
      ConversionFailure(
        .storageQuota,
        "\(output) for what is left of the \(most) bytes of files that this workspace may keep; "
          + "delete jobs or wait until their files expire", excess: excess)
    case .disk:
      ConversionFailure(.diskFull, "the server's disk has no room for the output", excess: excess)
    }
  }
}
