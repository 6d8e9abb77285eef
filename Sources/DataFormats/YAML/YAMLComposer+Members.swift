/// Members of mappings: merge keys and keys that are there twice.
extension YAMLComposer {
  /// Appends the members of a mapping to `members`, those that it merges before its own (yaml.org/type/merge.html).
  ///
  /// What comes later wins, so of several mappings the first is appended last.
  mutating func gather(_ index: Int, depth: Int) throws(DataFault) {
    let end = document.events[index].end
    if document.hasMerge {
      var key = index + 1
      while key < end {
        let value = after(key)
        if isMerge(key) { try gatherMerged(value, depth: depth) }
        key = after(value)
      }
    }
    var key = index + 1
    while key < end {
      let value = after(key)
      let isMerged = document.hasMerge && isMerge(key) ? try !mergeable(value).isEmpty : false
      if !isMerged {
        members.append(Member(key: try name(key), value: value))
      }
      key = after(value)
    }
  }

  private mutating func gatherMerged(_ value: Int, depth: Int) throws(DataFault) {
    for mapping in try mergeable(value).reversed() {
      guard depth < limits.depth else {
        throw fault(.tooLarge, document.events[value], "more than \(limits.depth) mappings merge each other")
      }
      let count = members.count
      try gather(mapping, depth: depth + 1)
      try countMerged(members.count - count + 1, value)
    }
  }

  private func isMerge(_ index: Int) -> Bool {
    let event = document.events[document.events[index].kind == .nothing ? index + 1 : index]
    guard event.kind == .scalar, event.style == .plain, !event.isDecoded, event.end - event.start == 2 else {
      return false
    }
    guard text(event).allSatisfy({ $0 == UInt8(ascii: "<") }) else { return false }
    return tag(event).map { $0 == YAMLSchema.prefix + "merge" } ?? true
  }

  /// The mappings that a value of `<<` means: itself or its items; none where it is something else, and `<<` a name.
  private mutating func mergeable(_ value: Int) throws(DataFault) -> [Int] {
    let index = try followed(value)
    let event = document.events[index]
    if event.kind == .mapping { return [index] }
    guard event.kind == .sequence else { return [] }
    var found: [Int] = []
    var item = index + 1
    while item < event.end {
      try countMerged(1, value)
      let mapping = try followed(item)
      guard document.events[mapping].kind == .mapping else { return [] }
      found.append(mapping)
      item = after(item)
    }
    return found
  }

  /// Bounds the work of merging, which may be far more than its result.
  private mutating func countMerged(_ count: Int, _ value: Int) throws(DataFault) {
    merged += count
    guard merged <= limits.values else {
      throw fault(.tooLarge, document.events[value], "more than \(limits.values) values are merged")
    }
  }

  /// The scalar that a key is.
  private func name(_ key: Int) throws(DataFault) -> Int {
    let index = try followed(key)
    let event = document.events[index]
    guard event.kind == .scalar else {
      throw fault(.unsupported, event, "a mapping or a sequence is a key: only texts can be names of members")
    }
    if let tag = tag(event) { try checkTag(tag, event) }
    return index
  }

  /// Leaves of members of one name the last value, in the place of the first.
  mutating func uniteMembers(from first: Int) {
    let count = members.count - first
    guard count > 1 else { return }
    if count <= 8, !hasTwins(from: first) { return }
    var places: [ArraySlice<UInt8>: Int] = [:]
    places.reserveCapacity(count)
    var end = first
    for index in first..<members.count {
      let name = text(document.events[members[index].key])
      if let place = places[name] {
        members[place].value = members[index].value
      } else {
        places[name] = end
        members[end] = members[index]
        end += 1
      }
    }
    members.removeSubrange(end...)
  }

  private func hasTwins(from first: Int) -> Bool {
    for index in first..<members.count {
      let event = document.events[members[index].key]
      for other in first..<index {
        let twin = document.events[members[other].key]
        if twin.end - twin.start == event.end - event.start, text(twin) == text(event) { return true }
      }
    }
    return false
  }
}
