/// Writes pieces of text as Markdown that is read as the same text again.
struct MarkdownInlineWriter {
  /// Where the text will stand.
  enum Place {
    case paragraph
    case heading
    case cell
  }

  let place: Place
  /// Whether only links, images and code are marked; whether nothing is and all punctuation is escaped.
  var leavesOutStyles = false
  var leavesOutAll = false
  private(set) var output: [UInt8] = []
  private var isAtLineStart: Bool

  init(_ place: Place) {
    self.place = place
    // What marks a block begins none within a cell.
    isAtLineStart = place != .cell
  }

  /// Text with as many of its styles as can be said without changing how it reads.
  static func write(_ inlines: [HTMLInline], _ place: Place) -> [UInt8] {
    let merged = MarkdownStyleCheck.merged(inlines)
    var writer = MarkdownInlineWriter(place)
    writer.write(merged, leavingOut: MarkdownStyleCheck.unsayable(merged))
    if MarkdownStyleCheck.reads(writer.output, as: merged, place) { return writer.output }
    writer = MarkdownInlineWriter(place)
    writer.leavesOutStyles = true
    writer.write(merged, leavingOut: [])
    if MarkdownStyleCheck.reads(writer.output, as: merged, place) { return writer.output }
    writer = MarkdownInlineWriter(place)
    writer.leavesOutAll = true
    writer.write(merged, leavingOut: [])
    return writer.output
  }

  private mutating func write(_ inlines: [HTMLInline], leavingOut left: Set<Int>) {
    for (index, inline) in inlines.enumerated() where !left.contains(index) {
      switch inline {
      case .text(let text):
        var precedesLink = false
        if index + 1 < inlines.count, case .start(.link) = inlines[index + 1] { precedesLink = true }
        write(text, precedesLink: precedesLink)
      case .raw(let text): output += text
      case .code(let code): write(code: code)
      case .image(let source, let title, let description): writeImage(source, title, description)
      case .lineBreak:
        if place == .paragraph { output += "  \n".utf8 } else { output.append(0x20) }
        isAtLineStart = place == .paragraph
        continue
      case .start(let style): start(style)
      case .end(let style): end(style)
      }
      isAtLineStart = false
    }
    if place == .heading, output.last == UInt8(ascii: "#"), output.dropLast().last != UInt8(ascii: "\\") {
      output.insert(UInt8(ascii: "\\"), at: output.count - 1)
    }
  }

  private mutating func start(_ style: HTMLStyle) {
    if leavesOutAll || (leavesOutStyles && !style.isLink) { return }
    output.append(style.mark)
  }

  private mutating func end(_ style: HTMLStyle) {
    if leavesOutAll || (leavesOutStyles && !style.isLink) { return }
    if case .link(let address, let title) = style {
      output += "](".utf8
      writeTarget(address, title)
    } else {
      output.append(style.mark)
    }
  }

  private mutating func writeImage(_ source: String, _ title: String, _ description: [UInt8]) {
    if leavesOutAll {
      write(description, precedesLink: false)
      return
    }
    output += "![".utf8
    isAtLineStart = false
    write(description, precedesLink: false)
    output += "](".utf8
    writeTarget(source, title)
  }

  private mutating func writeTarget(_ address: String, _ title: String) {
    let bytes = Array(address.utf8)
    for (index, byte) in bytes.enumerated() {
      if byte <= 0x20 || byte == 0x7F || "()<>\\`|".utf8.contains(byte) {
        output += percent(byte)
      } else {
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        if byte == UInt8(ascii: "&"), ASCII.isAlphanumeric(next) || next == UInt8(ascii: "#") {
          output.append(UInt8(ascii: "\\"))
        }
        output.append(byte)
      }
    }
    let words = title.utf8.split(whereSeparator: ASCII.isSpace).joined(separator: [0x20])
    if !title.isEmpty {
      output += " \"".utf8
      for byte in words { putEscaped(byte, if: "\"\\`<&|*_[]".utf8.contains(byte)) }
      output.append(UInt8(ascii: "\""))
    }
    output.append(UInt8(ascii: ")"))
  }

  private func percent(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private mutating func write(code: [UInt8]) {
    if leavesOutAll {
      write(code, precedesLink: false)
      return
    }
    let fence = Array(repeating: UInt8(ascii: "`"), count: BacktickRuns.longest(in: code) + 1)
    let isPadded = code.first == UInt8(ascii: "`") || code.last == UInt8(ascii: "`")
    output += fence
    if isPadded { output.append(0x20) }
    for byte in code { putEscaped(byte, if: place == .cell && byte == UInt8(ascii: "|")) }
    if isPadded { output.append(0x20) }
    output += fence
  }

  private mutating func putEscaped(_ byte: UInt8, if isEscaped: Bool) {
    if isEscaped { output.append(UInt8(ascii: "\\")) }
    output.append(byte)
  }

  private mutating func write(_ text: [UInt8], precedesLink: Bool) {
    text.withUnsafeBufferPointer { bytes in
      let view = ByteView(bytes)
      let escapes = MarkdownEscapes(view, isAtLineStart: isAtLineStart, isCell: place == .cell)
      for index in 0..<view.count {
        let isLastMark = precedesLink && index == view.count - 1 && view[index] == UInt8(ascii: "!")
        let isEscaped = leavesOutAll ? ASCII.isPunctuation(view[index]) : isLastMark || escapes.needsEscape(at: index)
        putEscaped(view[index], if: isEscaped)
      }
    }
  }
}
