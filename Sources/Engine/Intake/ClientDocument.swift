package import Basics

/// The JSON object that a client has sent as the body of a request.
package enum ClientDocument {
  package typealias Members = [(name: String, value: JSONValue)]

  /// Bytes of a document that is read where it arrives, in a fraction of a millisecond.
  static let mostAtOnce = 4 << 10

  /// Hands the document's members to `make`, on a thread that may block unless the document is small.
  ///
  /// Throws `Refusal.badJSON` with the place for anything but one object in which no member comes twice.
  package static func read<Value: Sendable>(
    _ bytes: [UInt8], on blocking: Blocking, _ make: @escaping @Sendable (Members) throws -> Value
  ) async throws -> Value {
    if bytes.count <= mostAtOnce { return try make(members(bytes)) }
    return try await blocking.run { try make(members(bytes)) }
  }

  /// The whole document, whatever it is; throws `Refusal.badJSON` with the place for what is none.
  package static func value(_ bytes: [UInt8], on blocking: Blocking) async throws -> JSONValue {
    if bytes.count <= mostAtOnce { return try parsed(bytes) }
    return try await blocking.run { try parsed(bytes) }
  }

  private static func parsed(_ bytes: [UInt8]) throws(Refusal) -> JSONValue {
    do {
      return try JSONReader.parse(bytes, from: .client)
    } catch {
      throw Refusal.badJSON.naming([.init("body", "\(error)")])
    }
  }

  private static func members(_ bytes: [UInt8]) throws(Refusal) -> Members {
    do {
      guard let members = try JSONReader.parse(bytes, from: .client).members else { throw Refusal.badJSON }
      return members
    } catch let failure as JSONFailure {
      throw Refusal.badJSON.naming([.init("body", "\(failure)")])
    } catch {
      throw Refusal.badJSON
    }
  }
}
