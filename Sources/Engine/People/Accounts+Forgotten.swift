import Basics
import Storage

/// Passwords that were forgotten.
extension Accounts {
  /// Requests from one place, and for one address, in an hour.
  static let mostForgotten = (ofPlace: 5, ofName: 3)
  static let forgottenLifetime = Duration.seconds(3600)

  /// Mails a link to choose a new password to whoever has one; the answer is the same, and takes as long, for anybody.
  ///
  /// Throws `Refusal.mailNotSetUp` without mail, and a `Refusal` for no address or too many requests from one place.
  package func forgotPassword(email: String, from address: String) async throws {
    guard let mailing, mailing.isOn else { throw Refusal.mailNotSetUp }
    if let seconds = forgottenPlaces.take(ClientPlace.of(address)) { throw Refusal.tooManySignIns(after: seconds) }
    try Accounts.check(email: email)
    // More would be a flood for its owner; who asks is not told, for that is told of no other address either.
    if forgottenNames.take(email.lowercased()) != nil { return }
    let token = KeyMaker.makeToken(entropy)
    let now = clock.now()
    try await store.write { database in
      let user = try Users.find(email: email, in: database)
      let isKnown = user?.hasPassword ?? false
      // Written in either case, so that both take a commit; without a person it is good for nothing.
      try OneTimeLinks.insert(
        .password, hash: KeyMaker.hash(token), user: isKnown ? user?.id : nil,
        expiresAt: isKnown ? now + Accounts.forgottenLifetime : now, in: database)
      guard isKnown, let user else { return }
      try Actor(name: "nobody", address: address).record("user.password-forgotten", user.email, at: now, in: database)
      try mailing.write(
        .forgotten(link: mailing.oneTimeLink("password", token)), to: user.email, at: now, in: database)
    }
    mailing.ring()
  }
}
