import Basics
import Formats
import Glibc
import Synchronization

/// The two ends over which a browser takes commands and tells what happens: JSON documents, each with a zero byte behind it
/// (Chrome DevTools Protocol over `--remote-debugging-pipe`).
///
/// A thread reads what comes and puts it into the box of whoever it is for; the browser is no friend, so what is no document
/// ends it, and what is longer than may be is lost, for a page makes it so and others are in the same browser.
final class DevTools: Sendable {
  /// A picture of a very long page is some tens of megabytes, and a third more as text.
  static let longestMessage = 256 << 20
  private static let pieceBytes = 256 << 10
  /// A browser that takes no command for so long hangs.
  static let longestWrite: Int32 = 5000

  private struct State {
    var number = 0
    var asked: [Int: DevToolsBox] = [:]
    /// By sessions, and by browser contexts for what is about targets.
    var boxes: [String: DevToolsBox] = [:]
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let writing = Mutex(())
  private let orders: Int32
  private let answers: Int32
  private let longestMessage: Int
  private let longestWrite: Int32
  private let thread: Mutex<ServiceThread?>

  /// Takes over both descriptors, also when it throws.
  init(
    orders: Int32, answers: Int32, longestMessage: Int = longestMessage, longestWrite: Int32 = longestWrite
  ) throws(SystemFailure) {
    (self.longestMessage, self.longestWrite) = (longestMessage, longestWrite)
    self.orders = orders
    self.answers = answers
    thread = Mutex(nil)
    do {
      let started = try ServiceThread(trying: "devtools") { [self] in serve() }
      thread.withLock { $0 = started }
    } catch {
      Glibc.close(orders)
      Glibc.close(answers)
      throw error
    }
  }

  /// False when the browser is gone.
  var isOpen: Bool { state.withLock { !$0.hasEnded } }

  /// Sends a command, whose answer goes into the box; gives the number of the answer.
  ///
  /// With a browser that is gone the box has its end, and so have all with one that hangs, for a command may be half sent.
  @discardableResult
  func send(_ method: String, _ parameters: JSONValue, session: String? = nil, for box: DevToolsBox) -> Int {
    let (number, hasEnded) = state.withLock { state in
      state.number += 1
      if !state.hasEnded { state.asked[state.number] = box }
      return (state.number, state.hasEnded)
    }
    var command: [(name: String, value: JSONValue)] = [
      ("id", .integer(Int64(number))), ("method", .string(method)), ("params", parameters),
    ]
    if let session { command.append(("sessionId", .string(session))) }
    if hasEnded {
      box.put(.end)
    } else if !write(Array(JSONValue.object(command).text.utf8) + [0]) {
      finish()
    }
    return number
  }

  /// Has what comes of a session or of the targets of a browser context put into the box.
  func open(_ name: String, _ box: DevToolsBox) { state.withLock { $0.boxes[name] = box } }

  func close(_ names: [String]) {
    state.withLock { state in
      for name in names { state.boxes[name] = nil }
    }
  }

  /// Closes the pipes, which ends the browser, and waits for the thread; called once, when nobody sends any more.
  func close() {
    Glibc.close(orders)
    let thread = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    thread?.join()
    Glibc.close(answers)
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    writing.withLock { _ in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          Glibc.send(orders, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count < 0 && errno == EAGAIN {
          var entry = pollfd(fd: orders, events: Int16(POLLOUT), revents: 0)
          guard poll(&entry, 1, longestWrite) > 0, entry.revents & Int16(POLLERR) == 0 else { return false }
        } else if count >= 0 || errno != EINTR {
          return false
        }
      }
      return true
    }
  }

  private func serve() {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: DevTools.pieceBytes)
    var isTooLong = false
    while true {
      let count = read(answers, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      var rest = piece[..<count]
      while let end = rest.firstIndex(of: 0) {
        bytes += rest[..<end]
        rest = rest[(end + 1)...]
        if !isTooLong {
          guard let message = try? JSONReader.parse(bytes, from: .browser) else { return finish() }
          deliver(message)
        }
        isTooLong = false
        bytes.removeAll(keepingCapacity: bytes.count < 1 << 20)
      }
      bytes += rest
      if bytes.count > longestMessage {
        isTooLong = true
        bytes = []
      }
    }
    finish()
  }

  private func deliver(_ message: JSONValue) {
    if let number = message["id"]?.integer.map(Int.init) {
      let box = state.withLock { $0.asked.removeValue(forKey: number) }
      if let result = message["result"] {
        box?.put(.answer(number, result))
      } else {
        box?.put(.refusal(number, message["error"]?["message"]?.string ?? "no result"))
      }
      return
    }
    guard let method = message["method"]?.string else { return }
    let parameters = message["params"] ?? .null
    let session = message["sessionId"]?.string
    let name = session ?? parameters["targetInfo"]?["browserContextId"]?.string
    let box = name.flatMap { name in state.withLock { $0.boxes[name] } }
    box?.put(.event(method, parameters, session: session))
  }

  private func finish() {
    let boxes = state.withLock { state in
      state.hasEnded = true
      defer { (state.asked, state.boxes) = ([:], [:]) }
      return Array(state.asked.values) + Array(state.boxes.values)
    }
    for box in boxes { box.put(.end) }
  }
}
