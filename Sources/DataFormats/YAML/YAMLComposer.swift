/// Tells a sink the values of parsed documents: follows aliases, merges, and gives scalars their meaning.
struct YAMLComposer {
  let source: [UInt8]
  let limits: DataLimits
  let foreignTags: YAMLReader.ForeignTags
  var document = YAMLDocument()
  /// The members of the mappings that are being told, the innermost last.
  var members: [Member] = []
  private var values = 0
  private var depth = 0
  /// How many members have been looked at for merging.
  var merged = 0

  /// The events of a key, aliases followed, and of its value.
  struct Member {
    var key: Int
    var value: Int
  }

  init(_ source: [UInt8], limits: DataLimits, foreignTags: YAMLReader.ForeignTags) {
    self.source = source
    self.limits = limits
    self.foreignTags = foreignTags
  }

  /// Throws `DataFault` where the nodes have no form as data or are too many, and what the sink throws.
  mutating func tell(_ document: YAMLDocument, into sink: inout some DataSink) throws {
    self.document = document
    if isNothing {
      try sink.scalar(.null)
    } else {
      try tell(0, &sink)
    }
    self.document = YAMLDocument()
  }

  /// Whether the document is a `:` alone, which as data is nothing: yaml-test-suite SM9W/01.
  private var isNothing: Bool {
    let events = document.events
    return events.count == 4 && events[0].kind == .mapping && events[0].style == .block && events[0].link < 0
      && events[1...2].allSatisfy { $0.kind == .scalar && $0.style == .plain && $0.start == $0.end && $0.link < 0 }
  }

  private mutating func tell(_ index: Int, _ sink: inout some DataSink) throws {
    let index = try followed(index)
    let event = document.events[index]
    values += 1
    guard values <= limits.values else {
      throw fault(.tooLarge, event, "there are more than \(limits.values) values after aliases have been followed")
    }
    switch event.kind {
    case .scalar: try sink.scalar(try scalar(event))
    case .sequence:
      try enter(event)
      try sink.startArray()
      var item = index + 1
      while item < event.end {
        try tell(item, &sink)
        item = after(item)
      }
      try sink.endArray()
      depth -= 1
    default:
      try enter(event)
      try tellMapping(index, &sink)
      depth -= 1
    }
  }

  private mutating func tellMapping(_ index: Int, _ sink: inout some DataSink) throws {
    let first = members.count
    try gather(index, depth: 0)
    uniteMembers(from: first)
    try sink.startObject()
    // The members of mappings inside are gathered behind these, and gone again.
    let end = members.count
    for place in first..<end {
      let member = members[place]
      let key = document.events[member.key]
      try sink.name(String(decoding: text(key), as: UTF8.self))
      try tell(member.value, &sink)
    }
    members.removeSubrange(first...)
    try sink.endObject()
  }

  private mutating func enter(_ event: YAMLEvent) throws(DataFault) {
    guard depth < limits.depth else {
      throw fault(.tooLarge, event, "more than \(limits.depth) mappings and sequences stand inside each other")
    }
    depth += 1
    if let tag = tag(event) {
      try checkTag(tag, event)
      guard YAMLSchema.fits(tag, event.kind) else { throw misfit(tag, event) }
    }
  }

  private func scalar(_ event: YAMLEvent) throws(DataFault) -> DataScalar {
    let text = text(event)
    guard let tag = tag(event) else {
      return event.style == .plain ? YAMLSchema.plain(text) : .string(YAMLSchema.string(text))
    }
    try checkTag(tag, event)
    // Nothing that is only said not to be resolved stays nothing, as PyYAML and ruamel.yaml have it.
    if tag == "!", text.isEmpty, event.style == .plain { return .null }
    guard let value = YAMLSchema.tagged(text, tag) else { throw misfit(tag, event) }
    return value
  }

  func checkTag(_ tag: String, _ event: YAMLEvent) throws(DataFault) {
    if YAMLSchema.isKnown(tag) { return }
    guard YAMLSchema.standardName(tag) == nil, foreignTags == .ignored else {
      throw tagFault(.unsupported, event, "the tag \(YAMLSchema.shorthand(tag)) is not known")
    }
  }

  private func misfit(_ tag: String, _ event: YAMLEvent) -> DataFault {
    let name = YAMLSchema.shorthand(tag)
    return switch event.kind {
    case .scalar: tagFault(.malformed, event, "the text does not fit its tag \(name)")
    case .sequence: tagFault(.malformed, event, "a sequence does not fit its tag \(name)")
    default: tagFault(.malformed, event, "a mapping does not fit its tag \(name)")
    }
  }

  private func tagFault(_ kind: DataFault.Kind, _ event: YAMLEvent, _ problem: String) -> DataFault {
    let place = event.link < 0 ? event.place : document.properties[Int(event.link)].place
    return YAMLSource.fault(kind, in: source, at: place, problem)
  }

  func tag(_ event: YAMLEvent) -> String? { event.link < 0 ? nil : document.properties[Int(event.link)].tag }

  func text(_ event: YAMLEvent) -> ArraySlice<UInt8> {
    event.isDecoded ? document.decoded[event.start..<event.end] : source[event.start..<event.end]
  }

  /// The index of the node that is meant at an index: behind a place that was not needed, or by an alias.
  func followed(_ index: Int) throws(DataFault) -> Int {
    let index = document.events[index].kind == .nothing ? index + 1 : index
    guard document.events[index].kind == .alias else { return index }
    var target = Int(document.events[index].link)
    if document.events[target].kind == .nothing { target += 1 }
    let node = document.events[target]
    guard node.kind == .scalar || node.end < index else {
      let name = YAMLSchema.string(source[document.events[index].start..<document.events[index].end])
      throw fault(.unsupported, document.events[index], "the alias *\(name) means a node that it is in itself")
    }
    return target
  }

  /// The index behind a node.
  func after(_ index: Int) -> Int {
    let index = document.events[index].kind == .nothing ? index + 1 : index
    let event = document.events[index]
    return event.kind == .mapping || event.kind == .sequence ? event.end + 1 : index + 1
  }

  func fault(_ kind: DataFault.Kind, _ event: YAMLEvent, _ problem: String) -> DataFault {
    YAMLSource.fault(kind, in: source, at: event.place, problem)
  }
}
