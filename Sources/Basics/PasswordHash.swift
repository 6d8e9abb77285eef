import CSystem
import Glibc

/// Passwords as yescrypt keeps them (crypt(5)): slow and hungry to compute, so that a stolen table tells little.
package enum PasswordHash {
  /// About 0.1 s and 32 MiB for each.
  package static let cost: UInt = 6
  /// Bytes that a password may have: CRYPT_MAX_PASSPHRASE_SIZE counts the NUL, too.
  package static let mostBytes = 511

  /// The text to store for a new password; throws `SystemFailure`.
  package static func make(_ password: String, _ entropy: Entropy) throws(SystemFailure) -> String {
    var setting = [CChar](repeating: 0, count: 192)
    let random = entropy.bytes(32)
    try check("crypt_gensalt") { csystem_password_setting(cost, random, random.count, &setting, setting.count) }
    return try hash(password, text(setting))
  }

  /// True when the password is the one that the stored text was made of; takes as long as making one.
  package static func matches(_ password: String, _ stored: String) throws(SystemFailure) -> Bool {
    isSameSecret(Array(try hash(password, stored).utf8), Array(stored.utf8))
  }

  private static func hash(_ password: String, _ setting: String) throws(SystemFailure) -> String {
    var hash = [CChar](repeating: 0, count: 384)
    try check("crypt") { csystem_hash_password(password, setting, &hash, hash.count) }
    return text(hash)
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
