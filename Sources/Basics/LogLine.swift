/// One line of the log while it is written, straight to bytes.
package struct LogLine: ~Copyable {
  private var text: [UInt8] = []
  private var json: JSONWriter?

  init(_ log: Log, _ level: Log.Level, _ message: String) {
    let moment = log.clock.now()
    let (name, priority) = level.words
    text.reserveCapacity(256)
    if log.showsPriority { text += [0x3C, UInt8(0x30 + priority), 0x3E] }
    switch log.style {
    case .text:
      moment.write(to: &text)
      append(" ")
      text += name.utf8
      append(" ")
      Log.escape(message, to: &text)
    case .json:
      var json = JSONWriter()
      json.open()
      json.member("time", "\(moment)")
      json.member("level", name)
      json.member("message", Log.cut(message))
      self.json = consume json
    }
  }

  package mutating func field(_ name: String, _ value: String) {
    if json != nil {
      json?.member(name, Log.cut(value))
      return
    }
    append(" ")
    text += name.utf8
    append("=")
    if Log.isPlain(value) {
      text += value.utf8
    } else {
      append("\"")
      Log.escape(value, to: &text)
      append("\"")
    }
  }

  /// A number is a string in JSON too, like every value of a log.
  package mutating func field(_ name: String, _ value: Int64) {
    if json != nil {
      json?.member(name, String(value))
      return
    }
    append(" ")
    text += name.utf8
    append("=")
    text.append(decimal: value)
  }

  consuming func finish() -> [UInt8] {
    if json != nil {
      json?.close()
      text += json?.bytes ?? []
    }
    text.append(0x0A)
    return text
  }

  private mutating func append(_ piece: StaticString) {
    piece.withUTF8Buffer { text.append(contentsOf: $0) }
  }
}
