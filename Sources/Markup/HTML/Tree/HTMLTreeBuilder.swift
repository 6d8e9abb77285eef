import DataFormats

/// Makes the tree of a document out of its tokens (HTML Standard, section 13.2.6, in small).
struct HTMLTreeBuilder {
  private let limits: MarkupLimits
  private var document = HTMLDocument(nodes: [HTMLNode(name: "")], text: [])
  /// The open elements from the outermost.
  private var open: [(place: Int, name: String)] = []
  /// How many of them there are by name, so that one that is not there is not looked for.
  private var counts: [String: Int] = [:]
  /// How many elements are open that stand too deep to be in `open`.
  private var tooDeep = 0
  /// Whether a line feed that comes next is left out, as after `<pre>`.
  private var skipsLineFeed = false

  init(_ limits: MarkupLimits) { self.limits = limits }

  mutating func build(_ tokenizer: HTMLTokenizer) throws(DataFault) -> HTMLDocument {
    var tokenizer = tokenizer
    while let token = tokenizer.next() {
      switch token {
      case .text(let text): addText(text[...])
      case .start(let tag):
        skipsLineFeed = false
        // Within SVG and MathML, elements of these names hold others (HTML Standard, section 13.2.6.5).
        var model = HTMLElements.models[tag.name]
        if model != nil, isForeign { model = nil }
        begin(tag, isRaw: model != nil)
        if let model, open.last?.name == tag.name { tokenizer.model = model }
      case .end(let name):
        skipsLineFeed = false
        end(name)
      case .comment, .doctype: break
      }
      tokenizer.allowsSections = isInForeign
      guard document.nodes.count <= limits.nodes else {
        throw DataFault(.tooLarge, "there are more than \(limits.nodes) elements and texts")
      }
    }
    return document
  }

  private mutating func addText(_ text: ArraySlice<UInt8>) {
    let text = skipsLineFeed && text.first == 0x0A ? text.dropFirst() : text
    skipsLineFeed = false
    guard !text.isEmpty else { return }
    let start = document.text.count
    // HTML Standard, section 13.2.6.4.7: U+0000 is left out.
    document.text += text.contains(0) ? text.filter { $0 != 0 }[...] : text
    var node = HTMLNode(name: "")
    node.text = start..<document.text.count
    insert(node, isAllowedInTable: text.allSatisfy(ASCII.isSpace))
  }

  private mutating func begin(_ tag: HTMLTag, isRaw: Bool = false) {
    guard !["html", "head", "body", "frameset"].contains(tag.name) else { return }
    // HTML Standard, section 13.2.6.4.7: the start of a list of choices within one ends that one, and begins none.
    if tag.name == "select", endHidden("select") { return }
    if isInForeign, HTMLElements.endsForeign.contains(tag.name) { leaveForeign() }
    // An element of SVG or MathML ends none of HTML that has the same name.
    if !isForeign { closeImplied(by: tag.name) }
    if HTMLElements.tableParts.contains(tag.name), !isOpen("table") { return }
    var node = HTMLNode(name: tag.name == "image" ? "img" : tag.name)
    node.attributes = tag.attributes
    let place = insert(node, isAllowedInTable: Self.isTablePart(tag.name))
    skipsLineFeed = tag.name == "pre" || tag.name == "listing" || tag.name == "textarea"
    let mayBeClosed = isInForeign || HTMLElements.foreign.contains(tag.name)
    if HTMLElements.void.contains(node.name) || (tag.isSelfClosing && mayBeClosed) { return }
    if open.count < limits.depth || isRaw {
      open.append((place, tag.name))
      count(tag.name, 1)
    } else {
      tooDeep += 1
    }
  }

  /// Leaves SVG and MathML, unless what is open in them holds HTML (HTML Standard, section 13.2.6.5).
  private mutating func leaveForeign() {
    while isForeign, let outer = open.lastIndex(where: { HTMLElements.foreign.contains($0.name) }) { pop(from: outer) }
  }

  /// Whether what begins now is an element of SVG or MathML, for nothing that holds HTML is open in these.
  private var isForeign: Bool {
    guard isInForeign else { return false }
    // Most hold none, and need no look at all that is open.
    guard isOpen("annotation-xml") || HTMLElements.holdsHTML.contains(where: { isOpen($0) }) else { return true }
    let inner = open.last { HTMLElements.foreign.contains($0.name) || holdsHTML($0.place) }
    return inner.map { HTMLElements.foreign.contains($0.name) } ?? false
  }

  private func holdsHTML(_ place: Int) -> Bool {
    let node = document.nodes[place]
    guard node.name == "annotation-xml" else { return HTMLElements.holdsHTML.contains(node.name) }
    return ["text/html", "application/xhtml+xml"].contains(node["encoding"]?.lowercased() ?? "")
  }

  private static func isTablePart(_ name: String) -> Bool {
    HTMLElements.tableParts.contains(name) || ["script", "style", "template", "form"].contains(name)
  }

  /// Puts a node into the innermost element; what a table cannot hold stands before the table.
  @discardableResult
  private mutating func insert(_ node: HTMLNode, isAllowedInTable: Bool) -> Int {
    if !isAllowedInTable, let last = open.last, ["table", "tbody", "thead", "tfoot", "tr"].contains(last.name),
      let table = open.last(where: { $0.name == "table" })?.place
    {
      return link(node, into: Int(document.nodes[table].parent), before: table)
    }
    return link(node, into: open.last?.place ?? 0, before: nil)
  }

  private mutating func link(_ node: HTMLNode, into parent: Int, before sibling: Int?) -> Int {
    let place = document.nodes.count
    let previous = Int(sibling.map { document.nodes[$0].previous } ?? document.nodes[parent].lastChild)
    document.nodes.append(node)
    document.nodes[place].parent = Int32(parent)
    document.nodes[place].previous = Int32(previous)
    document.nodes[place].next = Int32(sibling ?? -1)
    if previous >= 0 {
      document.nodes[previous].next = Int32(place)
    } else {
      document.nodes[parent].firstChild = Int32(place)
    }
    if let sibling {
      document.nodes[sibling].previous = Int32(place)
    } else {
      document.nodes[parent].lastChild = Int32(place)
    }
    return place
  }

  /// Closes what the start of an element ends without a tag of its own.
  private mutating func closeImplied(by name: String) {
    if HTMLElements.endsParagraph.contains(name) { close("p", stoppingAt: ["button"]) }
    switch name {
    case "li": close("li", stoppingAt: ["ul", "ol", "menu"])
    case "dt", "dd": if !close("dd", stoppingAt: ["dl"]) { close("dt", stoppingAt: ["dl"]) }
    case "option": close("option", stoppingAt: ["select"])
    case "optgroup":
      close("option", stoppingAt: ["select"])
      close("optgroup", stoppingAt: ["select"])
    case "rp", "rt": if !close("rt", stoppingAt: ["ruby"]) { close("rp", stoppingAt: ["ruby"]) }
    case "a", "button", "nobr": close(name, stoppingAt: [])
    case "input", "keygen", "textarea": endHidden("select")
    case "h1", "h2", "h3", "h4", "h5", "h6":
      if let last = open.last?.name, HTMLElements.headings.contains(last) { pop() }
    case "td", "th": closeTableParts(downTo: ["tr", "table"])
    case "tr": closeTableParts(downTo: ["tbody", "thead", "tfoot", "table"])
    case "tbody", "thead", "tfoot", "caption", "colgroup": closeTableParts(downTo: ["table"])
    default: break
    }
  }

  /// Closes the innermost element of a name with all in it, unless another element keeps it from being seen.
  @discardableResult
  private mutating func close(_ name: String, stoppingAt stops: Set<String>) -> Bool {
    guard isOpen(name) else { return false }
    var index = open.count - 1
    while index >= 0, open[index].name != name {
      if HTMLElements.scopes.contains(open[index].name) || stops.contains(open[index].name) { return false }
      index -= 1
    }
    guard index >= 0 else { return false }
    pop(from: index)
    return true
  }

  private mutating func pop() { pop(from: open.count - 1) }

  private mutating func pop(from index: Int) {
    for element in open[index...] { count(element.name, -1) }
    open.removeSubrange(index...)
    tooDeep = 0
  }

  private mutating func count(_ name: String, _ change: Int) { counts[name, default: 0] += change }

  private func isOpen(_ name: String) -> Bool { counts[name, default: 0] > 0 }

  private var isInForeign: Bool { isOpen("svg") || isOpen("math") }

  /// Closes the parts of the innermost table until one of these is the innermost element.
  private mutating func closeTableParts(downTo names: Set<String>) {
    guard let table = open.lastIndex(where: { $0.name == "table" }) else { return }
    while open.count > table + 1, let last = open.last?.name, !names.contains(last) { pop() }
  }

  private mutating func end(_ name: String) {
    if tooDeep > 0, open.last?.name != name {
      tooDeep -= 1
      return
    }
    switch name {
    case "html", "head", "body": return
    case "br": begin(HTMLTag(name: "br"))
    case "p":
      leaveForeign()
      if !close("p", stoppingAt: ["button"]) { insert(HTMLNode(name: "p"), isAllowedInTable: false) }
    case "table": if let table = open.lastIndex(where: { $0.name == "table" }) { pop(from: table) }
    case "select", "template": endHidden(name)
    case "button": close(name, stoppingAt: [])
    case "td", "th", "tr", "tbody", "thead", "tfoot", "caption": endTablePart(name)
    case _ where HTMLElements.headings.contains(name): endHeading()
    case _ where HTMLElements.formatting.contains(name): endFormatting(name)
    case _ where HTMLElements.inline.contains(name): endInline(name)
    default: close(name, stoppingAt: name == "li" ? ["ul", "ol"] : [])
    }
  }

  private mutating func endTablePart(_ name: String) {
    guard let table = open.lastIndex(where: { $0.name == "table" }) else { return }
    // What has this name in SVG or MathML is no part of a table.
    let end = open[table...].firstIndex { HTMLElements.foreign.contains($0.name) } ?? open.endIndex
    guard let part = open[table..<end].lastIndex(where: { $0.name == name }) else { return }
    pop(from: part)
  }

  private mutating func endHeading() {
    guard let heading = open.lastIndex(where: { HTMLElements.headings.contains($0.name) }),
      !open[heading...].contains(where: { HTMLElements.scopes.contains($0.name) })
    else { return }
    pop(from: heading)
  }

  /// Closes formatting alone where blocks have been opened in it, which then go on.
  private mutating func endFormatting(_ name: String) {
    guard isOpen(name), let index = open.lastIndex(where: { $0.name == name }),
      !open[index...].contains(where: { HTMLElements.scopes.contains($0.name) })
    else { return }
    if isSpecialOpen(in: index) {
      open.remove(at: index)
      count(name, -1)
    } else {
      pop(from: index)
    }
  }

  /// Closes an element that blocks in it keep open.
  private mutating func endInline(_ name: String) {
    guard isOpen(name), let index = open.lastIndex(where: { $0.name == name }),
      name == "svg" || name == "math" || name == "object" || !isSpecialOpen(in: index)
    else { return }
    pop(from: index)
  }

  private func isSpecialOpen(in index: Int) -> Bool {
    open[(index + 1)...].contains { HTMLElements.special.contains($0.name) }
  }

  /// Closes the innermost element of a name whatever is open in it (HTML Standard, section 13.2.6.4.4).
  ///
  /// What is left open in one that is not shown must not take the rest of the page with it.
  @discardableResult
  private mutating func endHidden(_ name: String) -> Bool {
    guard isOpen(name), let index = open.lastIndex(where: { $0.name == name }) else { return false }
    pop(from: index)
    return true
  }
}
