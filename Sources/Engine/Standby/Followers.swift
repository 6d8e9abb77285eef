package import Basics
package import Storage
import Synchronization

/// Those who follow this server: gives each a copy of the database when something has changed, keeps the files of that copy
/// for as long as it fetches them, and knows how far each one is.
package final class Followers: Sendable {
  /// What a stand-by says of itself when it asks.
  package struct Report: Sendable {
    package let name: String
    let address: String
    /// The state that it has, as this server has called it, and when that was.
    let mark: String?
    let heldAt: Timestamp?
    let interval: Duration
    let files: Int64
    let bytes: Int64

    package init(
      name: String, address: String, mark: String?, heldAt: Timestamp?, interval: Duration, files: Int64, bytes: Int64
    ) {
      self.interval = interval
      self.name = name
      self.address = address
      self.mark = mark
      self.heldAt = heldAt
      self.files = files
      self.bytes = bytes
    }
  }

  private struct Lease {
    let copy: StandbyCopy
    let follower: String
    /// When the copy was taken and asked for last, on the monotonic clock.
    let began: Int64
    var used: Int64
  }

  private struct State {
    var followers: [String: Follower] = [:]
    var leases: [String: Lease] = [:]
    /// Those that are being sent.
    var answers = 0
  }

  /// How many may follow at once.
  static let most = 8
  /// A copy that nobody has asked for so long is given up, and so is the keeping of files that lasts so long.
  static let patience = Duration.seconds(60)
  static let longestHold = Duration.seconds(900)
  /// One that has not asked for so long makes room for another, and for so long is forgotten.
  private static let absence = Duration.seconds(3600)
  private static let memory = Duration.seconds(7 * 86_400)
  private static let shortestToken = 20

  /// What a stand-by must show; empty when none may follow from elsewhere.
  package let token: String
  private let store: Store
  private let clock: Clock
  /// What this start is called; part of every mark, for commits are counted from each start anew.
  package let boot: String
  private let entropy: Entropy
  private let state = Mutex(State())

  /// Throws `SettingsFailure` for a token that can be guessed.
  package init(_ settings: Settings, store: Store, clock: Clock, entropy: Entropy) throws(SettingsFailure) {
    token = try Followers.token(settings)
    self.store = store
    self.clock = clock
    self.entropy = entropy
    boot = Base32.text(entropy.bytes(10))
  }

  /// The token of the settings; throws `SettingsFailure` for one that can be guessed.
  package static func token(_ settings: Settings) throws(SettingsFailure) -> String {
    let token = settings.text(.standbyToken)
    guard token.isEmpty || token.utf8.count >= shortestToken else {
      throw SettingsFailure(
        place: Setting.standbyToken.name,
        problem: "it must have \(shortestToken) characters at least; `openssl rand -hex 24` makes one")
    }
    return token
  }

  /// The stand-bys, by name.
  package var all: [Follower] { state.withLock { $0.followers.values.sorted { $0.name < $1.name } } }

  /// What a stand-by is to fetch, or nil when it has the newest; blocks while the database is copied.
  ///
  /// `isNew` is true for one that has not asked since the start. Throws `Refusal.tooManyFollowers`.
  package func ask(_ report: Report) throws -> (copy: StandbyCopy?, isNew: Bool) {
    tidy()
    let now = clock.now()
    // Before the copy: what is committed meanwhile may be in it, and then comes once more.
    let mark = "\(boot).\(store.commits)"
    let isNewest = report.mark == mark
    let (isNew, old) = try state.withLock { state in
      let known = state.followers[report.name]
      if known == nil, state.followers.count >= Followers.most,
        let oldest = state.followers.values.min(by: { $0.seenAt < $1.seenAt }), oldest.seenAt < now - Followers.absence
      {
        state.followers[oldest.name] = nil
      }
      guard known != nil || state.followers.count < Followers.most else { throw Refusal.tooManyFollowers }
      let heldAt = [report.heldAt, known?.heldAt].compactMap { $0 }.max()
      state.followers[report.name] = Follower(
        name: report.name, address: report.address, seenAt: now,
        heldAt: isNewest ? now : report.heldAt == nil ? nil : heldAt, interval: report.interval, files: report.files,
        bytes: report.bytes)
      let old = state.leases.filter { $0.value.follower == report.name }
      for name in old.keys { state.leases[name] = nil }
      return (known == nil, old.values.map(\.copy))
    }
    for copy in old { copy.remove() }
    if isNewest { return (nil, isNew) }
    let copy = try StandbyCopy(of: store, mark: mark, at: now, entropy: entropy)
    let moment = clock.monotonic()
    state.withLock {
      $0.leases[copy.name] = Lease(copy: copy, follower: report.name, began: moment, used: moment)
    }
    return (copy, isNew)
  }

  /// A copy that was given and not given up, by its name.
  package func copy(_ name: String) -> StandbyCopy? { state.withLock { $0.leases[name]?.copy } }

  /// Notes that somebody fetches, for as long as what it gives is held; whose it is does not matter, for a copy is not
  /// kept for long.
  package func answer() -> FollowerAnswer { FollowerAnswer(self) }

  func change(answers: Int) {
    let moment = clock.monotonic()
    state.withLock { state in
      state.answers += answers
      for name in state.leases.keys { state.leases[name]?.used = moment }
    }
  }

  /// Ends a copy, which its follower has whole by now (`isHeld`) or has given up; false when there is none of this name.
  package func end(_ name: String, isHeld: Bool) -> Bool {
    let copy = state.withLock { state -> StandbyCopy? in
      guard let lease = state.leases.removeValue(forKey: name) else { return nil }
      if isHeld { state.followers[lease.follower]?.heldAt = lease.copy.takenAt }
      return lease.copy
    }
    copy?.remove()
    return copy != nil
  }

  /// Gives up copies that nobody fetches any more, and lets files go that were kept long enough or whose room is needed.
  package func tidy() {
    let (moment, now) = (clock.monotonic(), clock.now())
    let (ended, old) = state.withLock { state in
      state.followers = state.followers.filter { $0.value.seenAt > now - Followers.memory }
      let isFetching = state.answers > 0
      let ended = state.leases.filter { !isFetching && moment - $0.value.used > Followers.patience.nanoseconds }
      for name in ended.keys { state.leases[name] = nil }
      return (ended.values.map(\.copy), Array(state.leases.values))
    }
    for copy in ended { copy.remove() }
    guard !old.isEmpty else { return }
    let hasRoom = store.hasRoomToSpare
    for lease in old where !hasRoom || moment - lease.began > Followers.longestHold.nanoseconds {
      lease.copy.letFilesGo()
    }
  }

  /// Ends all copies.
  package func close() {
    let copies = state.withLock { state in
      defer { state.leases = [:] }
      return state.leases.values.map(\.copy)
    }
    for copy in copies { copy.remove() }
  }
}
