import Basics
package import Storage

/// A word for each job that lets its holder do with that job what the key could that brought it, and nothing else.
///
/// It is made from the job's number and the server's own key, so nothing is stored for it.
package struct JobTokens: Sendable {
  private let code: HMAC
  let identifiers: PublicIdentifiers

  package init(store: Store) {
    code = store.code(for: "job tokens")
    identifiers = store.identifiers
  }

  /// 64 hexadecimal digits.
  package func token(ofJob row: Int64) -> String { Hexadecimal.encode(sign(row)) }

  func isRight(_ token: String, forJob row: Int64) -> Bool {
    guard let given = Hexadecimal.decode(token.lowercased()) else { return false }
    return isSameSecret(given, sign(row))
  }

  private func sign(_ row: Int64) -> [UInt8] { code.code(for: Array(identifiers.text(.request, row).utf8)) }
}
