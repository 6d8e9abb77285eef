import Basics
import Formats
import Glibc
import Synchronization

/// How long a step is likely to take, by what the same maker took of late: what is over in a second is not worth the way to
/// another machine.
final class Expectation: Sendable {
  static let short = Duration.seconds(1)
  /// What code of ours does in about a second.
  private static let shortBytes: Int64 = 8 << 20
  /// The share that the last one has in what is expected.
  private static let weight = 0.25

  private let means = Mutex<[String: Double]>([:])

  init() {}

  func isShort(_ order: Order) -> Bool {
    if order.step.maker.lane == .quick {
      let bytes = order.files.sources.reduce(Int64(0)) { total, file in
        var facts = stat()
        return total + (fstat(file, &facts) == 0 ? Int64(facts.st_size) : 0)
      }
      return bytes < Expectation.shortBytes
    }
    let mean = means.withLock { $0[order.step.maker.name] }
    return mean.map { $0 < Double(Expectation.short.milliseconds) } ?? false
  }

  func learn(_ order: Order, took span: Duration) {
    let milliseconds = Double(span.milliseconds)
    means.withLock { means in
      let name = order.step.maker.name
      means[name] = means[name].map { $0 + (milliseconds - $0) * Expectation.weight } ?? milliseconds
    }
  }
}
