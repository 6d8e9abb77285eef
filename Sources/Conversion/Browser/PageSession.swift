import Basics
import Formats
import Outbound

/// A page of its own in a browser context of its own: sends commands, and takes what comes until they are answered.
///
/// One thread uses it.
final class PageSession {
  private static let look = Duration.milliseconds(100)
  /// A browser that needs longer for the simplest of answers hangs.
  private static let longestSleep = Duration.seconds(2)

  let browser: Browser
  let door: Browser.Door
  private let box = DevToolsBox()
  private let check: () throws(ConversionFailure) -> Void
  private(set) var context = ""
  private var target = ""
  private var session: String?
  private var answers: [Int: Result<JSONValue, VisitTrouble>] = [:]
  /// Commands with a client's words that nobody waits for, and what a refusal with the word in it means.
  private var fragile: [Int: (word: String, failure: ConversionFailure)] = [:]
  private(set) var state = PageState()
  /// Answers what needs an answer of the page, such as a request that was stopped; told of every other event.
  var handle: (PageSession, String, JSONValue) -> Void = { _, _, _ in }

  /// `check` throws when nobody wants the page any more.
  init(_ browser: Browser, _ door: Browser.Door, check: @escaping () throws(ConversionFailure) -> Void) {
    self.browser = browser
    self.door = door
    self.check = check
  }

  /// Makes the context, whose connections go through the door, with an empty page in it.
  func open(width: Int, height: Int, by deadline: Int64) throws(VisitTrouble) {
    let made = try call(
      "Target.createBrowserContext",
      [
        "disposeOnDetach": .boolean(true), "proxyServer": .string("http://127.0.0.1:\(door.port)"),
        "proxyBypassList": .string("<-loopback>"),
      ], by: deadline)
    context = made["browserContextId"]?.string ?? ""
    browser.tools.open(context, box)
    let page = try call(
      "Target.createTarget",
      [
        "url": .string("about:blank"), "browserContextId": .string(context), "width": .integer(Int64(width)),
        "height": .integer(Int64(height)),
      ], by: deadline)
    target = page["targetId"]?.string ?? ""
    // The frame of a page has the name of its target.
    state.frame = target
    let attached = try call(
      "Target.attachToTarget", ["targetId": .string(target), "flatten": .boolean(true)], by: deadline)
    guard let session = attached["sessionId"]?.string else { throw .refused("no session") }
    self.session = session
    browser.tools.open(session, box)
  }

  /// Sends a command that nobody waits for; the page fails when it is refused for something that is called by the word.
  func send(_ method: String, _ parameters: [String: JSONValue], refusing word: String, _ failure: ConversionFailure) {
    fragile[send(method, parameters)] = (word, failure)
  }

  /// Throws the page away with its context and whatever it has opened; false for a browser that does not, whose door the
  /// page may still go through.
  func close() -> Bool {
    browser.tools.close([context, session ?? ""])
    guard !context.isEmpty else { return true }
    return isAnswered("Target.disposeBrowserContext", .object([("browserContextId", .string(context))]))
  }

  /// Sends a command without waiting for what becomes of it; gives the number of its answer.
  @discardableResult
  func send(_ method: String, _ parameters: [String: JSONValue] = [:]) -> Int {
    let members = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    return browser.tools.send(method, .object(members), session: session, for: box)
  }

  /// Sends a command and waits for its answer; one that has none by the deadline is a page whose scripts do not end.
  @discardableResult
  func call(
    _ method: String, _ parameters: [String: JSONValue] = [:], by deadline: Int64
  ) throws(VisitTrouble) -> JSONValue {
    try answer(to: send(method, parameters), by: deadline)
  }

  func answer(to number: Int, by deadline: Int64) throws(VisitTrouble) -> JSONValue {
    guard try wait(by: deadline, until: { self.answers[number] != nil }),
      let answer = answers.removeValue(forKey: number)
    else { throw .failed(.pageBusy) }
    return try answer.get()
  }

  func has(_ number: Int) -> Bool { answers[number] != nil }

  /// True when the browser itself still answers, whatever the page does.
  func isBrowserAwake() -> Bool { isAnswered("Browser.getVersion", .object([])) }

  /// Also when the page's own time is over or nobody wants it any more, which says nothing about the browser.
  private func isAnswered(_ method: String, _ parameters: JSONValue) -> Bool {
    let number = browser.tools.send(method, parameters, for: box)
    let end = Clock.readMonotonic() + PageSession.longestSleep.nanoseconds
    while !has(number) {
      let left = end - Clock.readMonotonic()
      guard left > 0 else { return false }
      guard let item = box.take(longest: .nanoseconds(left)) else { continue }
      do throws(VisitTrouble) { try take(item) } catch { if case .lost = error { return false } }
    }
    return true
  }

  /// Takes what comes until the condition holds; false when the time is over before.
  ///
  /// Throws when the page or the browser is gone, or nobody wants the page any more.
  func wait(by deadline: Int64, until condition: () -> Bool) throws(VisitTrouble) -> Bool {
    while !condition() {
      do throws(ConversionFailure) { try check() } catch { throw .failed(error) }
      let left = deadline - Clock.readMonotonic()
      guard left > 0 else { return false }
      guard let item = box.take(longest: min(PageSession.look, .nanoseconds(left))) else { continue }
      try take(item)
    }
    return true
  }

  private func take(_ item: DevToolsBox.Item) throws(VisitTrouble) {
    switch item {
    case .answer(let number, let result):
      if fragile.removeValue(forKey: number) == nil { answers[number] = .success(result) }
    case .refusal(let number, let words):
      guard let (word, failure) = fragile.removeValue(forKey: number) else {
        answers[number] = .failure(.refused(words))
        break
      }
      // What has gone away meanwhile is refused for another reason.
      if words.contains(word) { throw .failed(failure) }
    case .end: throw .lost
    case .event(let event, let parameters, let session):
      if session == nil { return takeTarget(event, parameters) }
      state.take(event, parameters)
      if state.hasCrashed { throw .failed(.pageCrashed) }
      handle(self, event, parameters)
    }
  }

  /// A window that the page has opened is closed.
  private func takeTarget(_ event: String, _ parameters: JSONValue) {
    guard event == "Target.targetCreated", let info = parameters["targetInfo"], info["type"]?.string == "page",
      let other = info["targetId"]?.string, other != target, !target.isEmpty
    else { return }
    browser.tools.send("Target.closeTarget", .object([("targetId", .string(other))]), for: box)
  }
}
