import Basics
import Glibc
import Synchronization

/// Looks up names on threads of its own, so that a name server which never answers holds up nothing but who asked for it.
final class PageNames: Sendable {
  typealias Look = @Sendable (_ host: String) -> PageResolution

  static let mostWaiting = 64
  private static let mostThreads = 16
  /// Of the threads, those that one door may keep busy.
  private static let mostOfOne = 4

  private struct Question {
    let ticket: UInt64
    let host: String
    let asker: ObjectIdentifier
    let answer: @Sendable (PageResolution) -> Void
  }

  private struct Worker {
    let thread: ServiceThread
    var isBusy = true
  }

  private struct State {
    var waiting: [Question] = []
    /// How many threads are at work for whom.
    var busy: [ObjectIdentifier: Int] = [:]
    var workers: [Int: Worker] = [:]
    var idle = 0
    var lastTicket: UInt64 = 0
    var isClosed = false
  }

  private let look: Look
  private let bell = Doorbell()
  private let state = Mutex(State())

  init(_ look: @escaping Look) { self.look = look }

  /// Asks for a name; `answer` is called on another thread.
  ///
  /// Gives what `withdraw` takes, or nil when too many wait already or there is no thread.
  func ask(
    _ host: String, for asker: ObjectIdentifier, _ answer: @escaping @Sendable (PageResolution) -> Void
  ) -> UInt64? {
    let ticket: UInt64? = state.withLock { state in
      guard !state.isClosed, state.waiting.count < PageNames.mostWaiting else { return nil }
      let ofAsker = state.busy[asker, default: 0] + state.waiting.count { $0.asker == asker }
      let canStart = ofAsker < PageNames.mostOfOne && state.workers.count < PageNames.mostThreads
      if canStart && state.idle <= state.waiting.count {
        let number = state.workers.count
        if let thread = try? ServiceThread(trying: "page-names", { [self] in serve(number) }) {
          state.workers[number] = Worker(thread: thread)
        }
      }
      guard !state.workers.isEmpty else { return nil }
      state.lastTicket += 1
      state.waiting.append(Question(ticket: state.lastTicket, host: host, asker: asker, answer: answer))
      return state.lastTicket
    }
    if ticket != nil { bell.ring() }
    return ticket
  }

  /// Takes back a question; one that is being looked up already is answered to nobody's use.
  func withdraw(_ ticket: UInt64) {
    state.withLock { state in state.waiting.removeAll { $0.ticket == ticket } }
  }

  /// Ends the threads; one that waits for a name server ends by itself when that has answered.
  func close() {
    let free = state.withLock { state in
      state.isClosed = true
      state.waiting = []
      return state.workers.values.filter { !$0.isBusy }.map(\.thread)
    }
    bell.close()
    for thread in free { thread.join() }
  }

  private func serve(_ number: Int) {
    while true {
      if let question = take(number) {
        question.answer(look(question.host))
        state.withLock { state in
          let left = (state.busy[question.asker] ?? 1) - 1
          state.busy[question.asker] = left > 0 ? left : nil
        }
      } else if !bell.wait() {
        return
      } else {
        state.withLock { $0.idle -= 1 }
      }
    }
  }

  /// The question that has waited longest of those whose asker has a thread left.
  private func take(_ number: Int) -> Question? {
    state.withLock { state in
      let index = state.waiting.firstIndex { state.busy[$0.asker, default: 0] < PageNames.mostOfOne }
      state.workers[number]?.isBusy = index != nil
      guard let index else {
        state.idle += 1
        return nil
      }
      let question = state.waiting.remove(at: index)
      state.busy[question.asker, default: 0] += 1
      return question
    }
  }
}

extension PageNames {
  /// Asks the system, which takes every spelling that any program does.
  @Sendable static func system(_ host: String) -> PageResolution {
    var first: UnsafeMutablePointer<addrinfo>?
    switch find(host, flags: 0, &first) {
    case 0: break
    case EAI_AGAIN: return .silent
    default: return .unknown
    }
    defer { freeaddrinfo(first) }
    return .addresses(texts(first))
  }

  /// The address that a host spells in whatever way; nil when it is a name, and nobody is asked for it.
  static func numeric(_ host: String) -> [String]? {
    var first: UnsafeMutablePointer<addrinfo>?
    guard find(host, flags: AI_NUMERICHOST, &first) == 0 else { return nil }
    defer { freeaddrinfo(first) }
    return texts(first)
  }

  private static func find(_ host: String, flags: Int32, _ first: inout UnsafeMutablePointer<addrinfo>?) -> Int32 {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = flags
    return getaddrinfo(host, nil, &hints, &first)
  }

  private static func texts(_ first: UnsafeMutablePointer<addrinfo>?) -> [String] {
    var found: [String] = []
    var next = first
    while let entry = next {
      next = entry.pointee.ai_next
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let code = getnameinfo(
        entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      // What cannot be read is judged as such.
      found.append(
        code == 0 ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "")
    }
    return found
  }
}
