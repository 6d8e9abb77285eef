import Formats
import Glibc

/// How a child ended: by a signal, or with a code.
struct ChildExit: Equatable {
  let signal: Int32
  let code: Int32
  let usage: ResourceUsage

  var isClean: Bool { signal == 0 && code == 0 }

  /// The failure of the job that the child has left without a result.
  var failure: ConversionFailure {
    switch signal {
    case SIGXCPU: ConversionFailure(.timeLimit, "the conversion used more processor time than it may")
    case SIGXFSZ: .overLimit
    case 0: ConversionFailure(.converterDied, "the converter ended without a result (code \(code))")
    default: ConversionFailure(.converterDied, "the converter was ended by signal \(signal)")
    }
  }
}
