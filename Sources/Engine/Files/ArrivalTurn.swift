import Basics
import Storage

/// Keeps an arrival to one request at a time.
final class ArrivalTurn: Sendable {
  private let name: String
  private let busy: NamesInUse

  /// Throws `Refusal.uploadIsBusy` while another one has it.
  init(_ arrival: Arrival, _ busy: NamesInUse) throws(Refusal) {
    name = String(arrival.id)
    self.busy = busy
    guard busy.take(name) else { throw .uploadIsBusy }
  }

  deinit { busy.leave([name]) }
}
