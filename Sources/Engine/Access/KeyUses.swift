import Basics

/// When each key was last used, kept in memory between the moments at which it is written down.
final class KeyUses: Sendable {
  private let latest = Striped<[Int64: Timestamp]> { [:] }
  private let bell: Doorbell

  /// `bell` is rung when there is something to write down.
  init(bell: Doorbell) {
    self.bell = bell
  }

  func note(_ key: Int64, at moment: Timestamp) {
    let isFirst = latest.withOwn { latest in
      defer { latest[key] = moment }
      return latest.isEmpty
    }
    if isFirst { bell.ring() }
  }

  /// Everything since the last call.
  func take() -> [Int64: Timestamp] {
    var all: [Int64: Timestamp] = [:]
    latest.each { latest in
      all.merge(latest, uniquingKeysWith: max)
      latest = [:]
    }
    return all
  }
}
