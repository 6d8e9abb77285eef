/// Footnotes stand at the end, in the order of their first references; those that nothing refers to are left out.
extension MarkdownHTML {
  mutating func writeFootnoteReference(_ label: UnsafeBufferPointer<UInt8>) {
    guard let block = document.references.footnotes[MarkdownReferences.key(Array(label)[...])] else { return }
    let number = footnoteNumbers[block] ?? footnotes.count + 1
    if footnoteNumbers[block] == nil {
      footnoteNumbers[block] = number
      footnotes.append((block, 0))
    }
    footnotes[number - 1].references += 1
    let anchor = Self.anchor(number, footnotes[number - 1].references)
    output.put("<sup class=\"footnote-ref\"><a href=\"#fn\(number)\" id=\"\(anchor)\">\(number)</a></sup>")
  }

  private static func anchor(_ number: Int, _ reference: Int) -> String {
    reference == 1 ? "fnref\(number)" : "fnref\(number)-\(reference)"
  }

  mutating func writeFootnotes(_ text: ByteView) throws {
    guard !footnotes.isEmpty else { return }
    output.put("<section class=\"footnotes\">\n<ol>\n")
    var number = 1
    while number <= footnotes.count {
      output.put("<li id=\"fn\(number)\">\n")
      try writeFootnote(number, text)
      output.put("</li>\n")
      number += 1
    }
    output.put("</ol>\n</section>\n")
  }

  private mutating func writeFootnote(_ number: Int, _ text: ByteView) throws {
    let block = document.blocks[footnotes[number - 1].block]
    let endsInParagraph = block.lastChild >= 0 && document.blocks[Int(block.lastChild)].kind == .paragraph
    footnoteEnd = endsInParagraph ? (Int(block.lastChild), number) : nil
    for child in document.children(of: footnotes[number - 1].block) { try write(child, text) }
    footnoteEnd = nil
    if !endsInParagraph {
      output.line()
      putBackReferences(number)
      output.put(0x0A)
    }
  }

  mutating func putBackReferences(_ number: Int) {
    let inParagraph = footnoteEnd != nil
    for reference in 1...max(1, footnotes[number - 1].references) {
      if inParagraph || reference > 1 { output.put(0x20) }
      output.put("<a href=\"#\(Self.anchor(number, reference))\" class=\"footnote-backref\">↩</a>")
    }
  }
}
