import Basics
import Glibc
import Synchronization

/// Computes passwords on few threads of low priority, so that a flood of sign-ins slows only sign-ins.
package final class PasswordThreads: Sendable {
  private let blocking: Blocking
  private let waiting = Atomic(0)
  /// A password that nobody knows, of the same cost, so that unknown users take the same time.
  private static let nobodys =
    "$y$jAT$NoBu3AA.jHeMeaymm/NHB4DoaWVzx5Q5agItf5bRkT2$VY6AMb9nH7ufjY98FL4Raya7uUgSSb2faWAPrew5KhA"
  /// Stands in for a password that cannot be computed; nothing is let in by it.
  private static let impossible = "impossible"

  /// At most two at once, for each takes 32 MiB.
  package init(threads: Int) {
    blocking = Blocking(mostThreads: min(2, max(1, threads)))
  }

  /// Starts the first thread, as `Blocking` does.
  package func start() throws { try blocking.start() }

  /// True when the password fits what is stored; nil is stored for a user without a password, or none at all.
  ///
  /// One that nobody can have, by its length or a NUL in it, is wrong after the same time.
  func matches(_ password: String, _ stored: String?) async throws -> Bool {
    let compared = stored ?? PasswordThreads.nobodys
    let isPossible = (1...PasswordHash.mostBytes).contains(password.utf8.count) && !password.utf8.contains(0)
    let given = isPossible ? password : PasswordThreads.impossible
    let matches = try await run { try PasswordHash.matches(given, compared) }
    return matches && isPossible && stored != nil
  }

  func make(_ password: String, _ entropy: Entropy) async throws -> String {
    try await run { try PasswordHash.make(password, entropy) }
  }

  /// Throws `Refusal.tooManySignIns` when too many wait already.
  private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let ahead = waiting.wrappingAdd(1, ordering: .relaxed).oldValue
    defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
    guard ahead < Accounts.mostWaiting else { throw Refusal.tooManySignIns(after: 2) }
    return try await blocking.run {
      // The thread id 0 is the caller's.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      return try body()
    }
  }

  package func close() { blocking.close() }
}
