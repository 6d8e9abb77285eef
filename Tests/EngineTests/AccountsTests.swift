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

    func setPassword(_ token: String, _ password: String) async throws -> Refusal? {
      do {
        try await accounts.setPassword(token: token, password: password, from: AccountsTests.place)
        return nil
      } catch let refusal as Refusal {
        return refusal
      }
    }

    func setUp(_ token: String) async throws -> Refusal? {
      do {
        try await accounts.setUp(
          token: token, email: "first@example.com", password: AccountsTests.password, from: AccountsTests.place)
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

  func testLink_ThatIsNotGood_HasNoPasswordComputed() async throws {
    let bench = try makeBench()
    let setup = try bench.accounts.makeSetupLink()
    let made = try await bench.accounts.makePasswordLink(email: Self.email, by: Self.actor)
    let link = try XCTUnwrap(made)
    let asked = bench.tally.count
    let used = try await bench.setPassword(link, "another long password")
    XCTAssertNil(used)
    XCTAssertEqual(bench.tally.count, asked + 1, "what is counted here")
    let again = try await bench.accounts.makePasswordLink(email: Self.email, by: Self.actor)
    let late = try XCTUnwrap(again)
    let before = bench.tally.count
    for token in ["x", link, setup] {
      let refusal = try await bench.setPassword(token, "another long password")
      XCTAssertEqual(refusal, .unknownLink, token)
    }
    for token in ["x", late] {
      let refusal = try await bench.setUp(token)
      XCTAssertEqual(refusal, .unknownLink, token)
    }
    // Made without ending the link, so that the administrator alone is in its way.
    try await bench.store.write { [now = bench.clock.now] database in
      _ = try Users.insert(email: "boss@example.com", isAdmin: true, at: now, in: database)
    }
    let second = try await bench.setUp(setup)
    XCTAssertEqual(second, .unknownLink)
    bench.clock.advance(by: Accounts.linkLifetime)
    let tooLate = try await bench.setPassword(late, "another long password")
    XCTAssertEqual(tooLate, .unknownLink)
    XCTAssertEqual(bench.tally.count, before)
  }

  func testPassword_ThatCannotBeCompared_IsNoFailure() async throws {
    let bench = try makeBench(hash: "!")
    let member = Member(user: bench.user, memberships: [])
    for _ in 0..<SignInLimit.mostOfNameFromPlace {
      do {
        _ = try await bench.signIn(Self.password)
        XCTFail("compared with what is no hash")
      } catch { XCTAssertTrue(error is SystemFailure, "\(error)") }
      do {
        _ = try await bench.accounts.beginSecondFactor(member, password: Self.password, from: Self.place)
        XCTFail("compared with what is no hash")
      } catch { XCTAssertTrue(error is SystemFailure, "\(error)") }
    }
    let hash = try PasswordHash.make(Self.password, .system)
    try await bench.store.write { try Users.setPassword(member.user.id, hash: hash, in: $0) }
    let refusal = try await bench.signIn(Self.password)
    XCTAssertNil(refusal)
  }

  func testPassword_OfTheMostBytes_IsTaken_AndOneThatCannotBe_IsWrong() async throws {
    let bench = try makeBench()
    let cut = try await bench.signIn(Self.password + "\0x")
    XCTAssertEqual(cut, .wrongPassword, "a NUL ends no password")
    let longest = String(repeating: "x", count: Accounts.passwordLength.upperBound)
    let made = try await bench.accounts.makePasswordLink(email: Self.email, by: Self.actor)
    let link = try XCTUnwrap(made)
    let tooLong = try await bench.setPassword(link, longest + "x")
    XCTAssertEqual(tooLong?.code, Refusal.invalidFields.code)
    let set = try await bench.setPassword(link, longest)
    XCTAssertNil(set)
    for wrong in [longest + "x", longest + longest, ""] {
      let refusal = try await bench.signIn(wrong)
      XCTAssertEqual(refusal, .wrongPassword, "\(wrong.utf8.count) bytes")
    }
    let refusal = try await bench.signIn(longest)
    XCTAssertNil(refusal)
  }
}
