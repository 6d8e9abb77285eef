/// The blocks that have a form of their own.
extension MarkdownHTML {
  mutating func beginList(_ block: MarkdownBlock) {
    output.line()
    if !block.isOrdered {
      output.put("<ul>\n")
    } else if block.number == 1 {
      output.put("<ol>\n")
    } else {
      output.put("<ol start=\"\(block.number)\">\n")
    }
  }

  mutating func beginItem(_ block: MarkdownBlock) {
    putLine("<li>")
    switch block.task {
    case .none: break
    case .open: output.put("<input type=\"checkbox\" disabled=\"\" /> ")
    case .done: output.put("<input type=\"checkbox\" checked=\"\" disabled=\"\" /> ")
    }
  }

  mutating func writeParagraph(_ place: Int, _ text: ByteView) {
    let block = document.blocks[place]
    let parent = document.blocks[Int(block.parent)]
    if parent.kind == .item, document.blocks[Int(parent.parent)].isTight {
      writeInlines(block, text)
      return
    }
    putLine("<p>")
    writeInlines(block, text)
    if let end = footnoteEnd, end.block == place { putBackReferences(end.number) }
    output.put("</p>\n")
  }

  mutating func writeHeading(_ block: MarkdownBlock, _ text: ByteView) {
    output.line()
    output.put("<h\(block.level)>")
    writeInlines(block, text)
    output.put("</h\(block.level)>\n")
  }

  mutating func writeCode(_ block: MarkdownBlock, _ text: ByteView) {
    putLine("<pre><code")
    let info = text.slice(block.info)
    let language = info.prefix { !ASCII.isSpace($0) }
    if !language.isEmpty {
      output.put(" class=\"language-")
      output.putEscaped(UnsafeBufferPointer(rebasing: language))
      output.put("\"")
    }
    output.put(UInt8(ascii: ">"))
    output.putEscaped(text.slice(block.range))
    output.put("</code></pre>\n")
  }

  mutating func writeRaw(_ block: MarkdownBlock, _ text: ByteView) {
    let raw = text.slice(block.range)
    switch options.rawHTML {
    case .dropped: return
    case .passed:
      output.line()
      putRaw(raw)
    case .escaped:
      putLine("<pre>")
      output.putEscaped(raw)
      output.put("</pre>")
    }
    output.line()
  }

  mutating func beginRow(_ place: Int) {
    let row = document.blocks[place]
    output.line()
    if row.isHead {
      output.put("<thead>\n")
    } else if let head = Optional(Int(document.blocks[Int(row.parent)].firstChild)),
      head == place
        || Int(document.blocks[head].next) == place
    {
      output.put("<tbody>\n")
    }
    output.put("<tr>\n")
  }

  mutating func endTable(_ block: MarkdownBlock) {
    let hasBody = block.lastChild != block.firstChild
    output.put(hasBody ? "</tbody>\n</table>\n" : "</table>\n")
  }

  mutating func writeCell(_ block: MarkdownBlock, _ text: ByteView) {
    output.put(block.isHead ? "<th" : "<td")
    switch block.alignment {
    case .none: output.put(UInt8(ascii: ">"))
    case .left: output.put(" align=\"left\">")
    case .center: output.put(" align=\"center\">")
    case .right: output.put(" align=\"right\">")
    }
    writeInlines(block, text)
    output.put(block.isHead ? "</th>\n" : "</td>\n")
  }
}
