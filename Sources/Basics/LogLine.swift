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
      text.append(0x20)
      text += name.utf8
      text.append(0x20)
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
    text.append(0x20)
    if Log.isPlain(name) { text += name.utf8 } else { Log.escape(name, to: &text) }
    text.append(0x3D)
    if Log.isPlain(value) {
      text += value.utf8
    } else {
      text.append(0x22)
      Log.escape(value, to: &text)
      text.append(0x22)
    }
  }

  /// A value that needs neither quotes nor a look at its characters, under a name from the source code.
  package mutating func field(_ name: StaticString, plain value: String) {
    if json != nil {
      json?.member(name, value)
      return
    }
    append(name)
    text += value.utf8
  }

  /// A number is a string in JSON too, like every value of a log.
  package mutating func field(_ name: StaticString, _ value: Int64) {
    if json != nil {
      json?.member(name, String(value))
      return
    }
    append(name)
    text.append(decimal: value)
  }

  private mutating func append(_ name: StaticString) {
    name.withUTF8Buffer { name in
      text.append(0x20)
      text.append(contentsOf: name)
      text.append(0x3D)
    }
  }

  consuming func finish() -> [UInt8] {
    if json != nil {
      json?.close()
      let bytes = json?.bytes ?? []
      // JSON lets stand in a string what is not to be seen.
      let isVisible = bytes.allSatisfy { $0 < 0x7F }
      text += isVisible ? bytes : Array(HiddenText.escaping(String(decoding: bytes, as: UTF8.self)).utf8)
    }
    text.append(0x0A)
    return text
  }
}
