package import Basics

/// A request as a receiver of webhooks got it.
package struct ReceivedRequest: Sendable {
  package var method = ""
  package let path: String
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]
  /// Nanoseconds of the monotonic clock when it was complete.
  package let moment: Int64

  package var text: String { String(decoding: body, as: UTF8.self) }
  package var json: JSONValue { (try? JSONReader.parse(body)) ?? .null }

  /// The value of a field, whose name must be spelt exactly so.
  package subscript(exact name: String) -> String? { headers.first { $0.name == name }?.value }

  package subscript(name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
