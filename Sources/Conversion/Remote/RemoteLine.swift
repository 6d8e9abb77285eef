/// What a step elsewhere prints meanwhile, a line each.
package enum RemoteLine: Sendable, Equatable {
  /// The machine is at work; the first line there is.
  case started(host: String)
  /// So many percent of the folder with this number.
  case progress(Int, percent: Int)
  case begun(Int)
  /// The folder has its result.
  case ended(Int)
  /// A sign of life, every few seconds.
  case alive

  package var text: String {
    switch self {
    case .started(let host): "started \(host)"
    case .progress(let number, let percent): "progress \(number) \(percent)"
    case .begun(let number): "begun \(number)"
    case .ended(let number): "ended \(number)"
    case .alive: "alive"
    }
  }

  /// Nil for anything else, for a launcher may have words of its own.
  package init?(_ text: some StringProtocol) {
    let words = text.split(separator: " ")
    let numbers = words.dropFirst().map { Int(String($0)) }
    switch (words.first.map { String($0) }, words.count) {
    case ("started", 2): self = .started(host: RemoteResult.sentence(String(words[1]), most: 100))
    case ("alive", 1): self = .alive
    case ("begun", 2): if let number = numbers[0] { self = .begun(number) } else { return nil }
    case ("ended", 2): if let number = numbers[0] { self = .ended(number) } else { return nil }
    case ("progress", 3):
      guard let number = numbers[0], let percent = numbers[1] else { return nil }
      self = .progress(number, percent: percent)
    default: return nil
    }
  }
}
