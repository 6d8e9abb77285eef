package import Basics
import Storage

/// The second step of signing in: a code of an app, or one of the codes that were written down.
extension Accounts {
  /// How a person stands: since when codes are asked for, and how many written ones are left.
  package struct SecondFactorState: Sendable {
    package let since: Timestamp?
    package let codesLeft: Int64
  }

  static let recoveryCodes = 10
  /// Wrong codes of a person in an hour, whatever the place: whoever tries them knows the password.
  static let mostWrongCodes = 10

  package func secondFactor(of member: Member) throws -> SecondFactorState {
    try store.read { database in
      SecondFactorState(
        since: try SecondFactors.find(member.user.id, in: database)?.confirmedAt,
        codesLeft: try SecondFactors.countCodes(member.user.id, in: database))
    }
  }

  /// Begins one: the secret for the app, in Base32; nothing is asked for before `confirmSecondFactor`.
  ///
  /// Throws a `Refusal` for a wrong password, for a person without one, and when there is one already.
  package func beginSecondFactor(_ member: Member, password: String, from address: String) async throws -> String {
    let email = member.user.email
    if let seconds = failures.take(email, from: address) { throw Refusal.tooManySignIns(after: seconds) }
    let stored = try store.read { try Users.password(member.user.id, in: $0) }
    guard try await matches(password, stored, of: email, from: address) else { throw Refusal.wrongPassword }
    failures.takeBack(email, from: address)
    let salt = entropy.bytes(16)
    try await store.write { database in
      if try SecondFactors.find(member.user.id, in: database)?.confirmedAt != nil { throw Refusal.secondFactorIsOn }
      try SecondFactors.insert(member.user.id, salt: salt, in: database)
    }
    return Base32.standard(secret(member.user.id, salt))
  }

  /// Has codes asked for from now on, and gives those to write down, this once; every other session ends.
  package func confirmSecondFactor(
    _ member: Member, code: String, token: String, by actor: Actor
  ) async throws -> [String] {
    let user = member.user
    guard let factor = try store.read({ try SecondFactors.find(user.id, in: $0) }) else {
      throw Refusal.noSecondFactor
    }
    if factor.confirmedAt != nil { throw Refusal.secondFactorIsOn }
    try await check(code, of: user, factor)
    let codes = makeRecoveryCodes()
    let now = clock.now()
    try await store.write { database in
      try SecondFactors.confirm(user.id, at: now, in: database)
      try SecondFactors.setCodes(user.id, hashes: codes.map(Accounts.hash), in: database)
      try Sessions.deleteOthers(user.id, than: KeyMaker.hash(token), in: database)
      try actor.record("user.second-factor", user.email, "on", at: now, in: database)
    }
    return codes
  }

  /// New codes to write down in place of those that are left.
  package func renewRecoveryCodes(_ member: Member, code: String, by actor: Actor) async throws -> [String] {
    try await check(code, of: member.user)
    let codes = makeRecoveryCodes()
    let now = clock.now()
    try await store.write { database in
      try SecondFactors.setCodes(member.user.id, hashes: codes.map(Accounts.hash), in: database)
      try actor.record("user.recovery-codes", member.user.email, at: now, in: database)
    }
    return codes
  }

  /// Has no codes asked for any more, for whoever can still make one.
  package func endSecondFactor(_ member: Member, code: String, by actor: Actor) async throws {
    try await check(code, of: member.user)
    try await resetSecondFactor(email: member.user.email, by: actor)
  }

  /// The same for whoever has lost all codes, by an operator.
  package func resetSecondFactor(email: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard let user = try Users.find(email: email, in: database) else { throw Refusal.unknownUser }
      guard try SecondFactors.remove(user.id, in: database) else { throw Refusal.noSecondFactor }
      try actor.record("user.second-factor", user.email, "off", at: now, in: database)
    }
  }

  /// Uses a code up; throws a `Refusal` for a wrong one, one that was used, or too many of them.
  func check(_ code: String, of user: User) async throws {
    let factor = try store.read { try SecondFactors.find(user.id, in: $0) }
    guard let factor, factor.confirmedAt != nil else { throw Refusal.noSecondFactor }
    try await check(code, of: user, factor)
  }

  private func check(_ code: String, of user: User, _ factor: SecondFactors.Factor) async throws {
    let name = String(user.id)
    if let seconds = wrongCodes.take(name) { throw Refusal.tooManySignIns(after: seconds) }
    let plain = code.lowercased().filter { $0 != " " && $0 != "-" }
    let isRight: Bool
    if let step = OneTimeCode.step(of: plain, secret(user.id, factor.salt), at: clock.now()) {
      isRight = try await store.write { try SecondFactors.take(user.id, step: step, in: $0) }
    } else {
      isRight = try await store.write { try SecondFactors.takeCode(user.id, hash: Accounts.hash(plain), in: $0) }
    }
    guard isRight else { throw Refusal.wrongCode }
    wrongCodes.takeBack(name)
  }

  /// What codes are made from: it is nowhere stored, and a copy of the database alone gives none.
  private func secret(_ user: Int64, _ salt: [UInt8]) -> [UInt8] {
    Array(store.code(for: "second factor").code(for: salt, Array("\(user)".utf8)).prefix(OneTimeCode.secretSize))
  }

  private func makeRecoveryCodes() -> [String] {
    (0..<Accounts.recoveryCodes).map { _ in
      let text = Base32.text(entropy.bytes(10))
      return stride(from: 0, to: 16, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }
  }

  private static func hash(_ code: String) -> [UInt8] { KeyMaker.hash(code.filter { $0 != "-" }) }
}
