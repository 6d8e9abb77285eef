/// How events are put down.
extension YAMLParser {
  /// Keeps a place for a mapping that may turn out to begin here.
  mutating func keepPlace() -> Int {
    document.events.append(YAMLEvent(kind: .nothing, style: .block, place: place))
    return document.events.count - 1
  }

  mutating func addScalar(
    _ range: Range<Int>, isDecoded: Bool = false, style: YAMLEvent.Style, at place: Int, _ properties: YAMLProperties
  ) throws(DataFault) {
    try count()
    var event = YAMLEvent(kind: .scalar, style: style, isDecoded: isDecoded, place: place)
    event.start = range.lowerBound
    event.end = range.upperBound
    event.link = add(properties, for: document.events.count)
    document.events.append(event)
    if source.hasUnprintable, style != .single, style != .double { try examine(event) }
  }

  mutating func addEmpty(_ properties: YAMLProperties = YAMLProperties()) throws(DataFault) {
    try addScalar(place..<place, style: .plain, at: place, properties)
  }

  /// Begins a mapping or sequence, in the kept place where there is one; what it gives back goes to `close`.
  mutating func open(
    _ kind: YAMLEvent.Kind, _ style: YAMLEvent.Style, _ properties: YAMLProperties = YAMLProperties(),
    in kept: Int? = nil
  ) throws(DataFault) -> Int {
    try count()
    guard depth < limits.depth else {
      throw fault("more than \(limits.depth) mappings and sequences stand inside each other", kind: .tooLarge)
    }
    depth += 1
    let index = kept ?? document.events.count
    var event = YAMLEvent(kind: kind, style: style, place: kept.map { document.events[$0].place } ?? place)
    event.link = add(properties, for: index)
    if kept == nil {
      document.events.append(event)
    } else {
      document.events[index] = event
    }
    return index
  }

  mutating func close(_ index: Int) {
    depth -= 1
    document.events[index].end = document.events.count
    document.events.append(YAMLEvent(kind: .end, style: document.events[index].style, place: place))
  }

  /// Reads an alias (section 7.1).
  mutating func alias() throws(DataFault) {
    let start = place
    place += 1
    let name = try anchorName("alias")
    guard let target = anchors[bytes[name]] else {
      let text = String(decoding: bytes[name], as: UTF8.self)
      throw fault("the alias *\(text) means nothing: expected an anchor &\(text) before it", at: start)
    }
    try count()
    var event = YAMLEvent(kind: .alias, style: .plain, place: start)
    event.link = Int32(truncatingIfNeeded: target)
    event.start = name.lowerBound
    event.end = name.upperBound
    document.events.append(event)
  }

  /// Gives the properties to a node that is already there.
  mutating func amend(_ index: Int, _ properties: YAMLProperties) {
    document.events[index].link = add(properties, for: index)
  }

  private mutating func add(_ properties: YAMLProperties, for index: Int) -> Int32 {
    guard !properties.isEmpty else { return -1 }
    if let anchor = properties.anchor { anchors[bytes[anchor]] = index }
    document.properties.append(properties)
    return Int32(truncatingIfNeeded: document.properties.count - 1)
  }

  /// Bounds what the events take: names count here as values do, and a tree may have as many of each.
  private mutating func count() throws(DataFault) {
    nodes += 1
    guard nodes <= 2 * limits.values else {
      throw fault("there are more than \(limits.values) values", kind: .tooLarge)
    }
  }

  private func examine(_ event: YAMLEvent) throws(DataFault) {
    let text = event.isDecoded ? document.decoded[event.start..<event.end] : bytes[event.start..<event.end]
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars
    where scalar.value == 0x7F || scalar.value >= 0x80 && !YAMLSource.isPrintable(scalar.value) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      throw fault("the character U+\(code) is allowed within quotes only", at: event.place)
    }
  }
}
