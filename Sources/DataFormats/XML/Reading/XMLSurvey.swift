/// What must be known of a document before its values are told, in two bits for each of its elements, which are
/// numbered in order.
struct XMLSurvey {
  private struct Frame {
    let element: Int
    /// Where its children's names begin in `seen`.
    let firstSeen: Int
    var lastName = -1
    /// The first of the children of this name that stand side by side.
    var runStart = 0
    /// The names as a set, when they are many.
    var names: Set<Int>?
  }

  /// So few names are looked through one by one.
  private static let fewNames = 16

  private let options: XMLReader.Options
  private let areDistinct: Bool
  private var frames: [Frame] = []
  private var seen: [Int] = []
  private var count = 0
  private var words: [UInt64] = []
  /// The root is left out.
  private(set) var leavesOutRoot = false
  /// The root has no attributes, no text, and no children but items.
  private(set) var hasOnlyItems = false

  init(options: XMLReader.Options) {
    self.options = options
    areDistinct = options.areDistinct
  }

  /// True where the element is the first of several of its name that stand side by side.
  func beginsArray(_ element: Int) -> Bool { words[element >> 5] >> UInt64(element & 31) & 1 == 1 }

  /// True where children of one name stand apart, so that the element has to be held.
  func isScattered(_ element: Int) -> Bool { words[element >> 5] >> UInt64(element & 31 + 32) & 1 == 1 }

  mutating func start(_ scanner: borrowing XMLScanner) {
    let element = count
    count += 1
    if element & 31 == 0 { words.append(0) }
    let name = scanner.name
    if let parent = frames.indices.last {
      note(name, element, in: parent)
      if parent == 0, scanner.names.texts[name] != options.itemName { hasOnlyItems = false }
    } else {
      leavesOutRoot = scanner.names.texts[name] == options.rootName
      hasOnlyItems = leavesOutRoot && scanner.attributes.isEmpty
    }
    frames.append(Frame(element: element, firstSeen: seen.count))
    if !areDistinct { markScattered(element) }
  }

  mutating func end() {
    guard let ended = frames.popLast() else { return }
    seen.removeSubrange(ended.firstSeen...)
    if frames.isEmpty, ended.lastName < 0 { hasOnlyItems = false }
  }

  mutating func add(_ text: [UInt8]) {
    if frames.count == 1, hasOnlyItems, !text.allSatisfy(XMLCharacters.isBlank) { hasOnlyItems = false }
  }

  private mutating func note(_ name: Int, _ element: Int, in parent: Int) {
    if frames[parent].lastName == name {
      let first = frames[parent].runStart
      words[first >> 5] |= 1 << UInt64(first & 31)
      return
    }
    frames[parent].lastName = name
    frames[parent].runStart = element
    if frames[parent].names != nil {
      if frames[parent].names?.insert(name).inserted == false { markScattered(frames[parent].element) }
      return
    }
    let names = seen[frames[parent].firstSeen...]
    if names.contains(name) {
      markScattered(frames[parent].element)
    } else {
      seen.append(name)
      if names.count >= Self.fewNames { frames[parent].names = Set(seen[frames[parent].firstSeen...]) }
    }
  }

  private mutating func markScattered(_ element: Int) { words[element >> 5] |= 1 << UInt64(element & 31 + 32) }
}
