/// Finds out which styles of a text Markdown can say.
enum MarkdownStyleCheck {
  /// The pieces without styles that end where they begin again.
  static func merged(_ inlines: [HTMLInline]) -> [HTMLInline] {
    var merged: [HTMLInline] = []
    var pending: [UInt8] = []
    for inline in inlines {
      if case .text(let text) = inline {
        pending += text
        continue
      }
      if pending.isEmpty, case .start(let style) = inline, case .end(let ended)? = merged.last, style == ended {
        merged.removeLast()
        // What came before goes on, so that its text is one piece.
        if case .text(let text)? = merged.last {
          merged.removeLast()
          pending = text
        }
        continue
      }
      if !pending.isEmpty { merged.append(.text(pending)) }
      pending = []
      merged.append(inline)
    }
    if !pending.isEmpty { merged.append(.text(pending)) }
    return merged
  }

  /// The places of the starts and ends of styles whose marks would not be read as such where they stand.
  static func unsayable(_ inlines: [HTMLInline]) -> Set<Int> {
    var left: Set<Int> = []
    var starts: [Int] = []
    for (index, inline) in inlines.enumerated() {
      switch inline {
      case .start: starts.append(index)
      case .end(let style):
        guard let start = starts.popLast(), !style.isLink else { continue }
        let opens = isFlanking(inside: first(inlines, after: start), outside: last(inlines, before: start))
        let closes = isFlanking(inside: last(inlines, before: index), outside: first(inlines, after: index))
        if !opens || !closes { left.formUnion([start, index]) }
      default: break
      }
    }
    return left
  }

  private static func isFlanking(inside: ScalarClass, outside: ScalarClass) -> Bool {
    inside != .whitespace && (inside == .other || outside != .other)
  }

  /// The class of the first character that is written behind a piece; marks of styles next to each other are one run.
  private static func first(_ inlines: [HTMLInline], after index: Int) -> ScalarClass {
    for inline in inlines[(index + 1)...] {
      switch inline {
      case .text(let text), .raw(let text): return text.withUnsafeBufferPointer { ScalarClass.at(0, in: ByteView($0)) }
      case .lineBreak: return .whitespace
      case .start(let style), .end(let style): if style.isLink { return .punctuation }
      case .code, .image: return .punctuation
      }
    }
    return .whitespace
  }

  private static func last(_ inlines: [HTMLInline], before index: Int) -> ScalarClass {
    for inline in inlines[..<index].reversed() {
      switch inline {
      case .text(let text), .raw(let text):
        return text.withUnsafeBufferPointer { ScalarClass.before($0.count, in: ByteView($0)) }
      case .lineBreak: return .whitespace
      case .start(let style), .end(let style): if style.isLink { return .punctuation }
      case .code, .image: return .punctuation
      }
    }
    return .whitespace
  }

  /// Whether Markdown is read as the text of these pieces, and with as many links.
  static func reads(_ markdown: [UInt8], as inlines: [HTMLInline], _ place: MarkdownInlineWriter.Place) -> Bool {
    var source = markdown
    switch place {
    case .paragraph: break
    case .heading: source = Array("# ".utf8) + markdown
    case .cell: source = Array("| ".utf8) + markdown + Array(" |\n|-|\n".utf8)
    }
    guard let document = try? MarkdownParser().parse(source) else { return false }
    let leaves = document.blocks.filter { $0.hasInlines || $0.kind == .code || $0.kind == .html || $0.kind == .rule }
    let parent = place == .cell ? MarkdownBlock.Kind.row : .document
    guard leaves.count == 1, let leaf = leaves.first, document.blocks[Int(leaf.parent)].kind == parent,
      leaf.hasInlines
    else { return inlines.isEmpty }
    return plain(document.inlines(of: leaf)) == plain(inlines)
  }

  private static func plain(_ inlines: [MarkdownInline]) -> [UInt8] {
    var plain: [UInt8] = []
    for inline in inlines {
      switch inline {
      case .text(let text), .code(let text): plain += text.utf8
      case .softBreak, .hardBreak: plain.append(0x20)
      case .html, .footnote: plain.append(0)
      case .start, .end: break
      }
    }
    return plain
  }

  private static func plain(_ inlines: [HTMLInline]) -> [UInt8] {
    var plain: [UInt8] = []
    for inline in inlines {
      switch inline {
      case .text(let text), .raw(let text), .code(let text): plain += text
      case .image(_, _, let description): plain += description
      case .lineBreak: plain.append(0x20)
      case .start, .end: break
      }
    }
    return plain
  }
}
