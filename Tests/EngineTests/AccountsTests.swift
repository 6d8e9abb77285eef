import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// What the pages cannot show of signing in: what happens meanwhile, and what is computed for whom.
final class AccountsTests: XCTestCase {
  private static let email = "jo@example.com"
  private static let password = "correct horse battery"
  private static let place = "192.0.2.1"
  private static let actor = Actor(name: "system:0", address: "socket")

  /// Counts how often random bytes are asked for, which each new password needs.
  private final class Tally: Sendable {
    private let asked = Mutex(0)

    var count: Int { asked.withLock { $0 } }

    var entropy: Entropy {
      Entropy { [self] count in
        asked.withLock { $0 += 1 }
        return Entropy.system.bytes(count)
      }
    }
  }

  private struct Bench: Sendable {
    let store: Store
    let clock: FixedClock
    let tally: Tally
    let accounts: Accounts
    let user: User

    /// What signing in is refused for, or nil.
    func signIn(_ password: String) async throws -> Refusal? {
      do {
        _ = try await accounts.signIn(email: AccountsTests.email, password: password, from: AccountsTests.place)
        return nil
      } catch let refusal as Refusal {
        return refusal
      }
    }

    /// The same for the last step of it.
    func begin(_ proof: Accounts.Proof) async throws -> Refusal? {
      do {
        _ = try await accounts.begin(proof, from: AccountsTests.place, agent: "")
        return nil
      } catch let refusal as Refusal {
        return refusal
      }
    }

    func prove() async throws -> Accounts.Proof {
      try await accounts.prove(AccountsTests.email, AccountsTests.password, nil, from: AccountsTests.place)
    }

    func sessions() throws -> Int { try accounts.sessions(of: user).count }
  }

  /// Accounts with one person, whose password is stored as `hash`, or as it should be.
  private func makeBench(hash: String? = nil) throws -> Bench {
    let directory = try TemporaryDirectory()
    let (clock, tally) = (FixedClock(), Tally())
    let store = try Store(path: directory.path)
    let threads = PasswordThreads(threads: 1)
    addTeardownBlock {
      threads.close()
      withExtendedLifetime(directory) { store.close() }
    }
    let stored = try hash ?? PasswordHash.make(Self.password, .system)
    let user = try store.writeBlocking { database in
      let id = try Users.insert(email: AccountsTests.email, isAdmin: false, at: clock.now, in: database)
      try Users.setPassword(id, hash: stored, in: database)
      return try Users.find(id: id, in: database)
    }
    return Bench(
      store: store, clock: clock, tally: tally,
      accounts: Accounts(store: store, clock: clock.clock, entropy: tally.entropy, threads: threads),
      user: try XCTUnwrap(user))
  }

  func testProof_BeginsASession_WhileItIsTrue() async throws {
    let bench = try makeBench()
    let refusal = try await bench.begin(bench.prove())
    XCTAssertNil(refusal)
    XCTAssertEqual(try bench.sessions(), 1)
  }

  func testPassword_ThatIsReplacedMeanwhile_BeginsNoSession() async throws {
    let bench = try makeBench()
    let proof = try await bench.prove()
    let hash = try PasswordHash.make("another long password", .system)
    try await bench.store.write { try Users.setPassword(proof.user.id, hash: hash, in: $0) }
    let replaced = try await bench.begin(proof)
    XCTAssertEqual(replaced, .wrongPassword)
    _ = try await bench.store.write { try Users.remove(email: AccountsTests.email, in: $0) }
    let removed = try await bench.begin(proof)
    XCTAssertEqual(removed, .wrongPassword)
    XCTAssertEqual(try bench.sessions(), 0)
  }

  func testSecondStep_ThatIsTurnedOnMeanwhile_IsAskedFor() async throws {
    let bench = try makeBench()
    let proof = try await bench.prove()
    let now = bench.clock.now
    try await bench.store.write { database in
      try SecondFactors.insert(proof.user.id, salt: [UInt8](repeating: 1, count: 16), in: database)
    }
    let begun = try await bench.begin(proof)
    XCTAssertNil(begun, "nothing is asked for before it is confirmed")
    try await bench.store.write { try SecondFactors.confirm(proof.user.id, at: now, in: $0) }
    let without = try await bench.begin(proof)
    XCTAssertEqual(without, .secondFactorNeeded)
    for (since, expected) in [(now + .seconds(-1), .secondFactorNeeded), (now, nil)] as [(Timestamp, Refusal?)] {
      let coded = Accounts.Proof(user: proof.user, stored: proof.stored, codesSince: since)
      let refusal = try await bench.begin(coded)
      XCTAssertEqual(refusal, expected, "a code of another one, and of this one")
    }
    XCTAssertEqual(try bench.sessions(), 2)
  }
}
