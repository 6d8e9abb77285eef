/// One event of a `text/event-stream` (WHATWG HTML section 9.2).
package struct ServerSentEvent: Sendable, Equatable {
  /// A line that says nothing: it opens a stream, and keeps it from looking dead.
  static let comment = Array(":\n\n".utf8)

  /// What the client sends as Last-Event-ID when it comes back; nil leaves the last one in force.
  package var id: String?
  /// The type that listeners are registered for; nil means "message".
  package var name: String?
  package var data: String

  package init(id: String? = nil, name: String? = nil, data: String) {
    self.id = id
    self.name = name
    self.data = data
  }

  /// Writes the fields and the empty line that dispatches them.
  func write(to output: inout [UInt8]) {
    if let id { ServerSentEvent.write("id: ", id, to: &output) }
    if let name { ServerSentEvent.write("event: ", name, to: &output) }
    output.append(contentsOf: "data: ".utf8)
    var previous: UInt8 = 0
    for byte in data.utf8 {
      switch byte {
      // CR LF is one line end.
      case .lineFeed where previous == .carriageReturn: break
      case .lineFeed, .carriageReturn: output.append(contentsOf: "\ndata: ".utf8)
      default: output.append(byte)
      }
      previous = byte
    }
    output.append(contentsOf: "\n\n".utf8)
  }

  /// A line end would begin another field, and clients ignore an id with NUL: both become a space.
  private static func write(_ field: String, _ value: String, to output: inout [UInt8]) {
    output.append(contentsOf: field.utf8)
    for byte in value.utf8 {
      output.append(byte == 0 || byte == .lineFeed || byte == .carriageReturn ? .space : byte)
    }
    output.append(.lineFeed)
  }
}
