import Basics
import Storage

/// Opens the downloads of a job to whoever has one of its passwords, of which only a code is stored.
///
/// Wrong ones are counted: of a job from one place, and of a job whatever the place.
struct DownloadLock: Sendable {
  static let span = Duration.seconds(900)
  static let mostFromPlace = 10
  /// More than anybody mistypes, so that an owner is locked out only while many places guess at once.
  static let mostOfJob = 200

  private let key: HMAC
  private let fromPlace: Attempts
  private let ofJob: Attempts

  init(store: Store, clock: Clock) {
    key = store.code(for: "download passwords")
    fromPlace = Attempts(clock: clock, most: DownloadLock.mostFromPlace, in: DownloadLock.span)
    ofJob = Attempts(clock: clock, most: DownloadLock.mostOfJob, in: DownloadLock.span)
  }

  /// Throws `Refusal.downloadLocked` for none or a wrong one, `Refusal.tooManyPasswords` after too many wrong ones.
  func open(job: Int64, to password: String?, _ codes: [[UInt8]], from address: String) throws(Refusal) {
    let (name, place) = ("\(job)", "\(job) " + ClientPlace.of(address))
    guard let password else { throw .downloadLocked }
    if let seconds = fromPlace.wait(for: place) ?? ofJob.wait(for: name) { throw .tooManyPasswords(after: seconds) }
    if opens(password, codes) { return }
    _ = (fromPlace.take(place), ofJob.take(name))
    throw .downloadLocked
  }

  /// What stands for a password in the database; the same for the same one, for a batch's archive takes it from its jobs.
  func code(_ password: String) -> [UInt8] { key.code(for: Array(password.utf8)) }

  private func opens(_ password: String, _ codes: [[UInt8]]) -> Bool {
    let given = code(password)
    return codes.contains { isSameSecret(given, $0) }
  }
}
