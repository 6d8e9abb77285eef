package import Basics

/// A new API key: the text to show once, and what is stored of it.
package struct NewKey: Sendable {
  package let text: String
  package let hash: [UInt8]
  /// The prefix and the last four characters, which lists may show.
  package let hint: String
}

/// Makes API keys and webhook secrets from random bytes.
package enum KeyMaker {
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// 43 characters of 62 hold as much chance as 32 bytes.
  static let length = 43

  /// A key such as "wc_4fGh…".
  package static func makeKey(prefix: String, _ entropy: Entropy) -> NewKey {
    var characters: [UInt8] = []
    while characters.count < length {
      // Bytes from 248 on are left out, for they would make the first eight characters likelier than the rest.
      characters += entropy.bytes(64).filter { $0 < 248 }.map { alphabet[Int($0) % 62] }
    }
    let text = prefix + String(decoding: characters.prefix(length), as: UTF8.self)
    return NewKey(text: text, hash: hash(text), hint: prefix + "…" + text.suffix(4))
  }

  /// A secret in the form of Standard Webhooks: "whsec_" and 32 bytes in Base64.
  package static func makeWebhookSecret(_ entropy: Entropy) -> String {
    "whsec_" + Base64.encode(entropy.bytes(32))
  }

  /// A token for a session or a link, as hard to guess as a key.
  static func makeToken(_ entropy: Entropy) -> String { makeKey(prefix: "", entropy).text }

  /// What is stored of a key and looked up.
  package static func hash(_ key: String) -> [UInt8] {
    SHA256.digest(key.utf8)
  }
}
