/// What owners have used of their rates.
///
/// Instead of a bucket of tokens it keeps one moment for each, at which its bucket would be full again (the generic
/// cell rate algorithm of ITU-T I.371); an owner whose moment has passed needs no entry.
struct RateCells<Owner: Hashable & Sendable>: Sendable {
  /// What is counted: requests of a kind in a minute, the files in them, or submissions in a day.
  enum Unit: String {
    case read, submit, files, day

    init(_ permission: Permission) {
      switch permission {
      case .read: self = .read
      case .submit: self = .submit
      }
    }
  }

  struct Cell: Hashable {
    let owner: Owner
    let unit: Unit
  }

  /// How long a full list is not looked through again.
  private static var rest: Int64 { 1_000_000_000 }

  private var fullAt: [Cell: Int64] = [:]
  /// Cells that have changed since they were written down.
  private var changed: Set<Cell> = []
  /// The number of entries at which those that have passed are dropped.
  private var sweepsAt = 1024
  private let most: Int
  /// Before this moment no entry can be dropped.
  private var isFullUntil: Int64 = 0

  /// Keeps `most` entries; whoever would need another has to wait.
  init(most: Int = .max) {
    self.most = most
  }

  var count: Int { fullAt.count }

  /// Nanoseconds until all of a cell's rate is there again.
  func debt(_ cell: Cell, at now: Int64) -> Int64 { max(0, (fullAt[cell] ?? now) - now) }

  /// Nanoseconds until one may be taken; nil when it may at once.
  func wait(for cell: Cell, _ rate: Rate, at now: Int64) -> Int64? {
    let wait = debt(cell, at: now) + rate.cost - rate.span
    return wait > 0 ? wait : nil
  }

  /// Nanoseconds until there is room for a cell; nil when there is.
  mutating func waitForRoom(_ cell: Cell, at now: Int64) -> Int64? {
    guard fullAt.count >= most, fullAt[cell] == nil else { return nil }
    if now >= isFullUntil {
      fullAt = fullAt.filter { $0.value > now }
      guard fullAt.count >= most else { return nil }
      isFullUntil = max(fullAt.values.min() ?? now, now + RateCells.rest)
    }
    return isFullUntil - now
  }

  /// Puts a cell further into debt; true when it is the first that is to be written down.
  mutating func charge(_ cell: Cell, _ cost: Int64, at now: Int64) -> Bool {
    let isFirst = changed.isEmpty
    fullAt[cell] = now + debt(cell, at: now) + cost
    changed.insert(cell)
    if fullAt.count >= sweepsAt {
      fullAt = fullAt.filter { $0.value > now }
      sweepsAt = max(1024, fullAt.count * 2)
    }
    return isFirst
  }

  /// The cells that have changed since the last call, with what they still owe.
  mutating func takeChanged(at now: Int64) -> [(cell: Cell, debt: Int64)] {
    defer { changed = [] }
    return changed.compactMap { cell in
      let debt = debt(cell, at: now)
      return debt > 0 ? (cell, debt) : nil
    }
  }

  mutating func restore(_ cell: Cell, debt: Int64, at now: Int64) {
    guard debt > 0, fullAt.count < most else { return }
    fullAt[cell] = now + debt
  }
}
