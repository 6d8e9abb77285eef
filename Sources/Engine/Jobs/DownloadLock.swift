import Basics
import Storage

/// Opens the downloads of a job to whoever has one of its passwords, of which only a code is stored.
struct DownloadLock: Sendable {
  private let key: HMAC

  init(store: Store) {
    key = store.code(for: "download passwords")
  }

  /// What stands for a password in the database; the same for the same one, for a batch's archive takes it from its jobs.
  func code(_ password: String) -> [UInt8] { key.code(for: Array(password.utf8)) }

  func opens(_ password: String, _ codes: [[UInt8]]) -> Bool {
    let given = code(password)
    return codes.contains { isSameSecret(given, $0) }
  }
}
