import Glibc

/// The files and folders of a record, each with what was done to it, in order, and since when that is on disk.
///
/// Bytes and sizes of a file are there for good once that file is synced, names once their folder is: POSIX promises no more. A
/// move within a folder is one step, one from a folder to another is two.
struct PowerHistory: Sendable {
  enum Step: Sendable {
    case bytes(at: Int, Range<Int>)
    case size(Int)
    case grow(Int)
    /// Names that lead to an object from now on, or nowhere.
    case names([(name: String, object: Int?)])
  }

  struct Change: Sendable {
    let record: Int
    let step: Step
    /// After which entry it is on disk for good.
    var durable = Int.max
  }

  struct Object: Sendable {
    let start: PowerTree.Content
    var changes: [Change] = []

    var isFolder: Bool { if case .folder = start { true } else { false } }

    /// How many changes were made by the first `point` entries.
    func made(by point: Int) -> Int { count { $0.record < point } }

    /// How many of them cannot be lost any more; they are always the first ones.
    func durable(by point: Int) -> Int { count { $0.durable < point } }

    /// The changes for which it holds come first.
    private func count(_ holds: (Change) -> Bool) -> Int {
      var (low, high) = (0, changes.count)
      while low < high {
        let middle = (low + high) / 2
        if holds(changes[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  private(set) var objects: [Object]
  let bytes: [UInt8]
  let records: Int
  /// Points right before and after a sync ends.
  private(set) var syncs: Set<Int> = []
  /// Points at which an answer begins, or a command has ended.
  private(set) var answers: Set<Int> = []
  /// Entries that change nothing and end nothing.
  private(set) var idle: Set<Int> = []
  /// What each mark says, and from which point on that holds.
  private(set) var marks: [(text: String, point: Int)] = []
  /// Each entry in words.
  private let lines: [String]
  private var places: [UInt64: Int]
  /// Changes that are not yet on disk, by object.
  private var open: [Int: Int] = [:]

  /// `forgets` tells of which paths a sync is taken for none, to see that it is missed.
  init(start: PowerTree, record bytes: [UInt8], forgets: (String) -> Bool = { _ in false }) {
    self.bytes = bytes
    objects = start.objects.map { Object(start: $0) }
    places = start.places
    let all = PowerRecord.all(in: bytes)
    records = all.count
    lines = PowerHistory.lines(of: all, start.paths)
    var begins: [UInt64: Int] = [:]
    var lastAnswer = 0
    for (index, record) in all.enumerated() {
      switch record.kind {
      case .sync, .syncAll:
        begins[record.start] = index
        idle.insert(index)
      case .synced where forgets(lines[index]): break
      case .synced, .syncedAll:
        let begin = begins[record.offset] ?? 0
        let synced = record.kind == .synced ? places[record.node].map { [$0] } ?? [] : Array(objects.indices)
        for object in synced { settle(object, before: begin, at: index) }
        syncs.formUnion([index, index + 1])
      case .answer:
        lastAnswer = index
        answers.insert(index)
      case .mark:
        let isAnswer = record.name.hasPrefix("+")
        marks.append((record.name, isAnswer ? lastAnswer : index))
        if !isAnswer { answers.insert(index) }
      default: take(record, index)
      }
    }
  }

  /// A state in words, with the entries around its point.
  func words(of state: PowerState) -> String {
    let last = lines.indices.contains(state.point - 1) ? lines[state.point - 1] : ""
    let odd = state.odd.map { " (\(lines[objects[$0.object].changes[$0.change].record]))" } ?? ""
    return "\(state.words)\(odd), after \(last)"
  }

  private mutating func settle(_ object: Int, before begin: Int, at index: Int) {
    var next = open[object] ?? 0
    while next < objects[object].changes.count, objects[object].changes[next].record < begin {
      objects[object].changes[next].durable = index
      next += 1
    }
    open[object] = next
  }

  private mutating func take(_ record: PowerRecord, _ index: Int) {
    func change(_ node: UInt64, _ step: Step) {
      // Files elsewhere on the same disk are none of ours.
      guard let object = places[node] else { return }
      objects[object].changes.append(Change(record: index, step: step))
    }
    switch record.kind {
    case .write: change(record.node, .bytes(at: Int(record.offset), record.data))
    case .size: change(record.node, .size(Int(record.offset)))
    case .grow: change(record.node, .grow(Int(record.offset)))
    case .make:
      // The number may be that of a file which is gone.
      places[record.node] = objects.count
      let kind = record.mode & S_IFMT
      objects.append(Object(start: kind == S_IFREG ? .file([]) : kind == S_IFDIR ? .folder([:]) : .other))
      if record.folder != 0 { change(record.folder, .names([(record.name, objects.count - 1)])) }
    case .link: change(record.second, .names([(record.other, places[record.node])]))
    case .unlink: change(record.folder, .names([(record.name, nil)]))
    case .rename:
      let object = places[record.node]
      if record.folder == record.second {
        change(record.folder, .names([(record.name, nil), (record.other, object)]))
      } else {
        change(record.second, .names([(record.other, object)]))
        change(record.folder, .names([(record.name, nil)]))
      }
    default: break
    }
  }

  /// What each entry does, with the path that a file had first.
  private static func lines(of records: [PowerRecord], _ start: [UInt64: String]) -> [String] {
    var paths = start
    return records.map { record in
      let path = paths[record.node] ?? "?"
      func full(_ folder: UInt64, _ name: String) -> String { (paths[folder] ?? "?") + "/" + name }
      switch record.kind {
      case .make:
        paths[record.node] = full(record.folder, record.name)
        return "make \(full(record.folder, record.name))"
      case .write: return "write \(path) at \(record.offset), \(record.data.count) bytes"
      case .size, .grow: return "\(record.kind) \(path) to \(record.offset)"
      case .link: return "link \(path) as \(full(record.second, record.other))"
      case .unlink: return "unlink \(full(record.folder, record.name))"
      case .rename:
        paths[record.node] = full(record.second, record.other)
        return "rename \(path) to \(full(record.second, record.other))"
      case .answer, .mark, .syncAll, .syncedAll: return "\(record.kind) \(record.name)"
      case .sync, .synced: return "\(record.kind) \(path)"
      }
    }
  }
}
