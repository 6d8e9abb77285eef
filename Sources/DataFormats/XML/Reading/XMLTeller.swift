/// Tells a document's values while it is read for the second time.
struct XMLTeller {
  private struct Frame {
    var isObject = false
    /// It is held until it ends.
    let isHeld: Bool
    /// It is a root of which only the items are told.
    var isLeftOut = false
    /// Where its text begins in `text`.
    let textStart: Int
    /// The name of the children that are now told as an array.
    var array = -1
  }

  private let survey: XMLSurvey
  private let options: XMLReader.Options
  private let areDistinct: Bool
  private let limits: DataLimits
  private var frames: [Frame] = []
  private var elementCount = 0
  /// The text of the elements that are open, one behind the other.
  private var text: [UInt8] = []
  private var attributeNames: [String?] = []
  private var held: [XMLHeldElement] = []
  private var heldBytes = 0
  private var keys = NameTable()

  init(_ survey: XMLSurvey, options: XMLReader.Options, limits: DataLimits) {
    self.survey = survey
    self.options = options
    self.limits = limits
    areDistinct = options.areDistinct
  }

  mutating func start(_ scanner: borrowing XMLScanner, _ sink: inout some DataSink) throws {
    let element = elementCount
    elementCount += 1
    let name = scanner.name
    let text = scanner.names.texts[name]
    if let parent = frames.indices.last {
      try place(name, text, beginsArray: survey.beginsArray(element), in: parent, &sink)
    } else if !survey.leavesOutRoot {
      try sink.startObject()
      try sink.name(text)
    }
    let isHeld = survey.isScattered(element)
    if isHeld { held.append(XMLHeldElement()) }
    var frame = Frame(isHeld: isHeld, textStart: self.text.count)
    frame.isLeftOut = frames.isEmpty && survey.hasOnlyItems
    frame.isObject = frame.isLeftOut
    if !scanner.attributes.isEmpty {
      frame.isObject = true
      if !isHeld { try put(.startObject, &sink) }
      try putAttributes(scanner, isHeld: isHeld, &sink)
    }
    frames.append(frame)
  }

  /// Begins a member, or goes on with an array.
  private mutating func place(
    _ name: Int, _ text: String, beginsArray: Bool, in parent: Int, _ sink: inout some DataSink
  ) throws {
    if !frames[parent].isObject {
      frames[parent].isObject = true
      if !frames[parent].isHeld { try put(.startObject, &sink) }
    }
    if frames[parent].isHeld {
      held[held.count - 1].begin(key(name, text), text)
    } else if frames[parent].array != name {
      try closeArray(in: parent, &sink)
      if !frames[parent].isLeftOut { try put(.name(text), &sink) }
      guard beginsArray else { return }
      try put(.startArray, &sink)
      frames[parent].array = name
    }
  }

  private mutating func closeArray(in frame: Int, _ sink: inout some DataSink) throws {
    guard frames[frame].array >= 0 else { return }
    frames[frame].array = -1
    try put(.endArray, &sink)
  }

  private mutating func putAttributes(
    _ scanner: borrowing XMLScanner, isHeld: Bool, _ sink: inout some DataSink
  ) throws {
    for attribute in scanner.attributes {
      let name = attributeName(attribute.name, scanner.names.texts[attribute.name])
      try begin(name, isHeld: isHeld, &sink)
      try scanner.values.withUnsafeBytes {
        try put(.string(UnsafeRawBufferPointer(rebasing: $0[attribute.start..<attribute.end])), &sink)
      }
    }
  }

  private mutating func attributeName(_ number: Int, _ text: String) -> String {
    if number < attributeNames.count, let name = attributeNames[number] { return name }
    while attributeNames.count <= number { attributeNames.append(nil) }
    let name = options.attributePrefix + text
    attributeNames[number] = name
    return name
  }

  /// Begins a member that is no child.
  private mutating func begin(_ name: String, isHeld: Bool, _ sink: inout some DataSink) throws {
    if isHeld {
      // No child has a negative key.
      held[held.count - 1].begin(key(-1, name), name)
    } else {
      try put(.name(name), &sink)
    }
  }

  /// A number that members of an element share only with those of their own name.
  private mutating func key(_ number: Int, _ name: String) -> Int {
    if areDistinct, number >= 0 { return number }
    var name = name
    let own = name.withUTF8 { keys.find($0) ?? keys.add($0) }
    return areDistinct ? -1 - own : own
  }

  private mutating func put(_ step: DataStep, _ sink: inout some DataSink) throws {
    if held.isEmpty { return try step.tell(&sink) }
    heldBytes += try held[held.count - 1].record(step)
    try weigh()
  }

  private func weigh() throws {
    guard heldBytes <= limits.bytes else {
      throw DataFault(.tooLarge, "elements of one name stand apart from each other in more than \(limits.bytes) bytes")
    }
  }

  /// Adds text to the innermost element, without white space at its beginning.
  mutating func add(_ more: [UInt8]) throws {
    guard let frame = frames.last, !frame.isLeftOut else { return }
    if text.count == frame.textStart {
      text += more.drop(while: XMLCharacters.isBlank)
    } else {
      text += more
    }
    guard text.count <= limits.token else {
      throw DataFault(.tooLarge, "the text beside elements has more than \(limits.token) bytes")
    }
  }

  mutating func end(_ sink: inout some DataSink) throws {
    guard let inner = frames.indices.last else { return }
    let hasText = text.count > frames[inner].textStart
    try closeArray(in: inner, &sink)
    let frame = frames.removeLast()
    if !frame.isObject {
      // Nothing was put into it.
      if frame.isHeld { held.removeLast() }
      if hasText { try putText(from: frame.textStart, &sink) } else { try put(.scalar(.null), &sink) }
    } else if !frame.isLeftOut {
      if hasText {
        try begin(options.textName, isHeld: frame.isHeld, &sink)
        try putText(from: frame.textStart, &sink)
      }
      if frame.isHeld { try release(&sink) } else { try put(.endObject, &sink) }
    }
    if frames.isEmpty, !survey.leavesOutRoot { try sink.endObject() }
  }

  /// Tells the text of the innermost element, which begins with a character that is no white space, without white
  /// space at its end.
  private mutating func putText(from start: Int, _ sink: inout some DataSink) throws {
    var end = text.count
    while XMLCharacters.isBlank(text[end - 1]) { end -= 1 }
    // Taken out, so that telling it does not reach into what is being changed.
    let text = self.text
    self.text = []
    try text.withUnsafeBytes { try put(.string(UnsafeRawBufferPointer(rebasing: $0[start..<end])), &sink) }
    self.text = consume text
    self.text.removeSubrange(start...)
  }

  /// Tells the innermost held element, which has ended.
  private mutating func release(_ sink: inout some DataSink) throws {
    let ended = held.removeLast()
    heldBytes -= ended.count
    if held.isEmpty { return try ended.tell(&sink) }
    heldBytes += held[held.count - 1].record(ended)
    try weigh()
  }
}
