/// The text of one paragraph, with its styles, links and pictures, as it is gathered.
struct InlineText {
  private(set) var html: [UInt8] = []
  /// Whether nothing has come that can be seen.
  private(set) var isBlank = true
  /// Keeps lines and blanks as they are and leaves styles out, for a block of code.
  var isCode = false
  private var style: TextStyle = []
  private var isInLink = false
  /// Blanks between two texts, which belong to no style unless both have it.
  private var blanks = ""

  mutating func put(_ text: String, _ wanted: TextStyle = []) {
    guard !text.isEmpty else { return }
    guard text.unicodeScalars.contains(where: { $0.value > 0x20 && !$0.properties.isWhitespace }) else {
      blanks += text
      return
    }
    isBlank = false
    set(isCode ? [] : wanted)
    html.put(escaping: text)
  }

  mutating func breakLine() {
    putBlanks()
    if isCode { html.append(0x0A) } else { html.put("<br />" as StaticString) }
  }

  /// Begins a link, where it leads somewhere that is safe and none is open.
  mutating func startLink(_ address: String) {
    guard !isInLink, !isCode, DocumentAddress.isKept(address) else { return }
    set([])
    html.put("<a href=\"" as StaticString)
    html.put(escaping: address)
    html.put("\">" as StaticString)
    isInLink = true
  }

  mutating func endLink() {
    guard isInLink else { return }
    set([])
    html.put("</a>" as StaticString)
    isInLink = false
  }

  /// The number of a note that stands at the end.
  mutating func putNote(_ number: Int) {
    endLink()
    set([])
    html.put("<sup><a href=\"#note-\(number)\" id=\"note-mark-\(number)\">[\(number)]</a></sup>")
    isBlank = false
  }

  mutating func putPicture(_ address: String, description: String) {
    guard !isCode else { return }
    set([])
    html.put("<img src=\"" as StaticString)
    html.put(address)
    html.put("\" alt=\"" as StaticString)
    html.put(escaping: description)
    html.put("\" />" as StaticString)
    isBlank = false
  }

  /// Appends another text behind a blank.
  mutating func join(_ other: InlineText) {
    var other = other
    html = finish() + [0x20] + other.finish()
  }

  /// All of it, with nothing open.
  mutating func finish() -> [UInt8] {
    endLink()
    set([])
    return html
  }

  private mutating func putBlanks() {
    html.put(blanks)
    blanks = ""
  }

  private mutating func set(_ wanted: TextStyle) {
    guard wanted != style else { return putBlanks() }
    for tag in TextStyle.tags.reversed() where style.contains(tag.style) { html.put("</\(tag.name)>") }
    putBlanks()
    for tag in TextStyle.tags where wanted.contains(tag.style) { html.put("<\(tag.name)>") }
    style = wanted
  }
}
