/// What running work holds and may still write, by workspace: a table in memory, for what runs ends with the process.
struct Reservations {
  /// Bytes that one conversion may write, of which so many are on the disk.
  struct Grant {
    let workspace: Int64
    let bytes: Int64
    /// Asked at each measure; true figures, for what is written is no longer free.
    let written: @Sendable () -> Int64

    var outstanding: Int64 { max(0, bytes - written()) }
  }

  private var grants: [Int: Grant] = [:]
  private var held: [Int64: Int64] = [:]
  private var unchecked: [Int64: Int64] = [:]
  private var waiting: [Int64: Int] = [:]
  private var last = 0

  /// Bytes on the disk that no row counts yet: outputs of attempts under way, uploads, files that are being fetched.
  func held(_ workspace: Int64) -> Int64 { held[workspace] ?? 0 }

  /// What conversions of a workspace may write.
  func granted(_ workspace: Int64) -> Int64 {
    grants.values.reduce(0) { $1.workspace == workspace ? $0 + $1.bytes : $0 }
  }

  /// What conversions of a workspace have written so far.
  func written(_ workspace: Int64) -> Int64 {
    grants.values.reduce(0) { $1.workspace == workspace ? $0 + $1.bytes - $1.outstanding : $0 }
  }

  /// What all conversions may still write.
  var outstanding: Int64 { grants.values.reduce(0) { $0 + $1.outstanding } }

  mutating func add(_ grant: Grant) -> Int {
    last += 1
    grants[last] = grant
    return last
  }

  /// Ends a grant, of which so many bytes stay.
  mutating func end(_ number: Int, keeping bytes: Int64) {
    guard let grant = grants.removeValue(forKey: number) else { return }
    hold(grant.workspace, bytes)
  }

  mutating func hold(_ workspace: Int64, _ bytes: Int64) {
    let now = held(workspace) + bytes
    held[workspace] = now > 0 ? now : nil
    if now <= 0 { unchecked[workspace] = nil }
  }

  /// True once so many bytes of a workspace were counted that it is time to measure.
  mutating func isDue(_ workspace: Int64, _ bytes: Int64, each step: Int64) -> Bool {
    let sum = (unchecked[workspace] ?? 0) + bytes
    unchecked[workspace] = sum < step ? sum : nil
    return sum >= step
  }

  /// True while a conversion of a workspace waits for all that the others leave; new ones wait behind it.
  func isAwaited(_ workspace: Int64) -> Bool { waiting[workspace] != nil }

  mutating func wait(_ workspace: Int64, _ change: Int) {
    let now = (waiting[workspace] ?? 0) + change
    waiting[workspace] = now > 0 ? now : nil
  }

  /// True while somebody waits.
  var hasWaiting: Bool { !waiting.isEmpty }
}
