import Basics
import Formats
import Glibc
import Outbound
import Pictures

/// Opens a page as its options say, waits until it is there, and readies it for a picture or for paper.
///
/// One thread uses it, for one page.
final class PageVisitor {
  /// After so much of the time a page has to be there, so that something is left to make a file of it.
  private static let share = 0.9
  /// How long fonts and pictures are waited for when all else is there.
  private static let settling = Duration.seconds(3)
  /// How long what is loaded by scrolling may take, and how long nothing has to be loaded until it counts as done.
  private static let lazySpan = Duration.seconds(10)
  private static let quiet = Duration.milliseconds(500)
  /// A browser's own commands take some milliseconds.
  static let commandSpan = Duration.seconds(10)
  /// How long a page's own scripts may keep ours waiting until they are broken off.
  private static let patience = Duration.seconds(5)
  /// A page that has gone on so often will not stay.
  static let mostDocuments = 5

  let page: PageSession
  let options: ConversionOptions
  private let address: String
  /// True when the address is the client's, and not that of a document of its own.
  let isRemote: Bool
  let prints: Bool
  /// When everything has to be over, on the monotonic clock.
  let deadline: Int64
  private var world: JSONValue = .null
  private var hasBrokenOff = false
  private(set) var size = (width: 0, height: 0)

  init(
    _ page: PageSession, _ options: ConversionOptions, address: String, isRemote: Bool, prints: Bool, deadline: Int64
  ) {
    self.page = page
    self.options = options
    self.address = address
    self.isRemote = isRemote
    self.prints = prints
    self.deadline = deadline
  }

  var width: Int { options.whole(.viewportWidth) ?? 1280 }
  var height: Int { options.whole(.viewportHeight) ?? 800 }

  /// Ends when the page is there as it was asked for; throws why it is not.
  func visit(_ progress: (Int) -> Void) throws(VisitTrouble) {
    do throws(VisitTrouble) {
      try page.open(width: width, height: height, by: soon)
      try prepare()
    } catch {
      // No page is to blame yet for a browser that does not answer.
      if case .failed(.pageBusy) = error { throw .lost }
      throw error
    }
    progress(10)
    let start = Clock.readMonotonic()
    let most = Int64(Double(deadline - start) * PageVisitor.share)
    let limit = start + min(Duration.seconds(options.decimal(.loadTime) ?? 30).nanoseconds, most)
    try load(by: limit)
    progress(50)
    try meet(by: start + most)
    progress(60)
    try tidy()
    progress(70)
  }

  /// For commands that only take the browser's own time.
  var soon: Int64 { min(deadline, Clock.readMonotonic() + PageVisitor.commandSpan.nanoseconds) }

  private func prepare() throws(VisitTrouble) {
    let requests = try PageRequests(options, address)
    page.handle = requests.handle
    // In one go, for each answer takes a while.
    let sent = (own + (try requests.commands)).map { (method: $0.0, number: page.send($0.0, $0.1)) }
    for command in sent {
      do throws(VisitTrouble) {
        _ = try page.answer(to: command.number, by: soon)
      } catch {
        guard case .refused = error, let option = PageVisitor.options[command.method] else { throw error }
        throw .failed(ConversionFailure(.pageFailed, "the browser does not know what \(option) asks for"))
      }
    }
  }

  /// What a command is there for that a client's words may spoil.
  private static let options = [
    "Emulation.setTimezoneOverride": "time_zone", "Emulation.setLocaleOverride": "locale",
    "Network.setUserAgentOverride": "user_agent", "Network.setCookies": "cookies",
  ]

  /// Opens the page and waits until it has loaded as far as it is asked to.
  private func load(by limit: Int64) throws(VisitTrouble) {
    let opening = page.send("Page.navigate", ["url": .string(address)])
    let mark =
      switch options.word(.waitUntil) {
      case "dom": "DOMContentLoaded"
      case "idle": "networkIdle"
      default: "load"
      }
    var isThere = false
    // A page that cannot be opened says so before anything is marked, and what is marked then is a page of the browser's.
    let isOver = try page.wait(by: limit) {
      isThere = page.state.status != nil && page.state.marks.contains(mark)
      return isThere || page.state.error != nil || page.state.isDownload || page.has(opening)
    }
    if isOver, !isThere {
      if page.has(opening) {
        let answer: JSONValue
        do throws(VisitTrouble) { answer = try page.answer(to: opening, by: limit) } catch {
          guard case .refused = error else { throw error }
          throw .failed(ConversionFailure(.pageUnreachable, "the browser takes the address for none"))
        }
        if answer["isDownload"]?.boolean ?? false || page.state.isDownload { throw .failed(failure(.file)) }
        if let error = answer["errorText"]?.string, !error.isEmpty {
          // What a download was is told behind it.
          _ = try page.wait(by: min(limit, Clock.readMonotonic() + PageVisitor.quiet.nanoseconds)) {
            page.state.status != nil || page.state.isDownload
          }
          throw .failed(failure(.error(error)))
        }
      }
      isThere = try page.wait(by: limit) {
        page.state.error != nil || page.state.status != nil && page.state.marks.contains(mark)
      }
    }
    if let error = page.state.error { throw .failed(failure(.error(error))) }
    if let status = page.state.status, status >= 400 {
      // What the door has refused is no page of anybody's.
      let failure = failure(.status(status))
      let isOwn = !isRemote && PageHost(of: page.state.address) == PageHost(of: address)
      if failure.code == .pageUnreachable || !isOwn && !options.flag(.acceptErrors) { throw .failed(failure) }
    }
    if page.state.status != nil, PageFailure.isFile(page.state.mediaType) { throw .failed(failure(.file)) }
    guard !isThere else { return }
    guard options.flag(.acceptIncomplete), page.state.status != nil else { throw .failed(failure(.late)) }
    page.send("Page.stopLoading")
    page.send("Runtime.terminateExecution")
  }

  /// What went wrong, in words, by what the door and the browser know of it.
  private func failure(_ kind: PageFailure.Kind) -> ConversionFailure {
    PageFailure(kind, state: page.state, traffic: page.door.door.traffic, seconds: options.decimal(.loadTime) ?? 30)
      .failure
  }

  /// Waits for what was asked for beside the page's own loading.
  private func meet(by limit: Int64) throws(VisitTrouble) {
    if let selector = options.word(.waitSelector) {
      let span = min(
        Duration.seconds(options.decimal(.waitSelectorTime) ?? 30).nanoseconds, limit - Clock.readMonotonic())
      let milliseconds = max(1, span / 1_000_000)
      let found = try run(
        .await, [.string(selector), .integer(milliseconds)],
        by: Clock.readMonotonic() + span + PageVisitor.commandSpan.nanoseconds)
      if found != .boolean(true), !options.flag(.acceptIncomplete) {
        throw .failed(
          ConversionFailure(
            .pageTimeout, "nothing on the page was found by wait_selector in \(PageFailure.words(milliseconds))"))
      }
    }
    if let delay = options.decimal(.delay), delay > 0 {
      _ = try page.wait(by: min(limit, Clock.readMonotonic() + Duration.seconds(delay).nanoseconds)) { false }
    }
  }

  /// Loads what is only loaded when it is seen, and hides what is not wanted.
  private func tidy() throws(VisitTrouble) {
    var sight = try look(.ready)
    if isRemote, isEmpty(sight), !options.flag(.acceptErrors) {
      // It may be about to become another one.
      let limit = min(deadline, Clock.readMonotonic() + PageVisitor.quiet.nanoseconds * 2)
      while isEmpty(sight), Clock.readMonotonic() < limit {
        _ = try page.wait(by: min(limit, Clock.readMonotonic() + PageVisitor.quiet.nanoseconds / 4)) { false }
        sight = try look(.ready)
      }
      if isEmpty(sight) { throw .failed(ConversionFailure(.pageEmpty, "the page is empty")) }
    }
    if options.flag(.loadLazy), sight["lazy"]?.boolean ?? false {
      try loadLazy()
      sight = try look(.ready)
    }
    if options.flag(.hideBanners) {
      try run(.banners, [.array(PageScript.lines("banners.txt").map(JSONValue.string))])
      try look(.ready)
    }
    if options.flag(.grayscale) { try add("html{filter:grayscale(1)!important}") }
  }

  /// Adds rules to the page's styles.
  func add(_ rules: String) throws(VisitTrouble) { try run(.style, [.string(rules)]) }

  private func isEmpty(_ sight: JSONValue) -> Bool { sight["empty"]?.boolean ?? false }

  /// Shows the page as high as it is, which has everything loaded, and then as it was.
  private func loadLazy() throws(VisitTrouble) {
    let limit = min(deadline, Clock.readMonotonic() + PageVisitor.lazySpan.nanoseconds)
    var shown = 0
    var rounds = 0
    // A page that is as high as its window whatever that is grows with each look.
    while size.height > shown, rounds < 3, Clock.readMonotonic() < limit {
      let asked = page.state.asked
      rounds += 1
      shown = min(size.height, PagePicture.longestSide)
      try resize(height: max(height, shown))
      try run(.scroll)
      let begin = Clock.readMonotonic()
      _ = try page.wait(by: limit) {
        let now = Clock.readMonotonic()
        let last = max(begin, page.state.lastTraffic)
        return page.state.open.isEmpty && now - last > PageVisitor.quiet.nanoseconds
      }
      try look()
      if page.state.asked == asked { break }
    }
    try resize(height: height)
  }

  /// What there is on the page now, or when it is `ready`.
  @discardableResult
  func look(_ script: PageScript = .look) throws(VisitTrouble) -> JSONValue {
    let sight = try run(script, script == .ready ? [.integer(PageVisitor.settling.milliseconds)] : [])
    func side(_ name: String) -> Int { Int(min(1 << 30, max(0, sight[name]?.integer ?? 0))) }
    size = (side("width"), side("height"))
    return sight
  }

  /// Runs a script of ours in a world of its own, in which the page has changed nothing; gives what it resolves with.
  @discardableResult
  func run(_ script: PageScript, _ arguments: [JSONValue] = [], by limit: Int64? = nil) throws(VisitTrouble)
    -> JSONValue
  {
    var tries = 0
    while true {
      do throws(VisitTrouble) {
        let span = limit ?? Clock.readMonotonic() + PageVisitor.patience.nanoseconds
        return try runOnce(script, arguments, by: min(deadline, span))
      } catch {
        switch error {
        // Scripts that do not end are broken off, once, and what they have made so far is taken.
        case .failed(let failure) where failure == .pageBusy && !hasBrokenOff:
          hasBrokenOff = true
          page.send("Runtime.terminateExecution")
        // A page that goes on to another one takes the world with it.
        case .refused where tries < PageVisitor.mostDocuments: tries += 1
        case .refused where page.state.documents > PageVisitor.mostDocuments: throw .failed(.pageRestless)
        default: throw error
        }
        world = .null
        _ = try page.wait(by: min(deadline, Clock.readMonotonic() + PageVisitor.quiet.nanoseconds)) {
          page.state.marks.contains("load")
        }
      }
    }
  }

  /// Sends a command that takes as long as the page is large; scripts that keep it waiting are broken off.
  func call(_ method: String, _ parameters: [String: JSONValue]) throws(VisitTrouble) -> JSONValue {
    let number = page.send(method, parameters)
    if try !page.wait(by: soon, until: { page.has(number) }) { page.send("Runtime.terminateExecution") }
    return try page.answer(to: number, by: deadline)
  }

  private func runOnce(
    _ script: PageScript, _ arguments: [JSONValue], by limit: Int64
  ) throws(VisitTrouble) -> JSONValue {
    if world == .null {
      let made = try page.call(
        "Page.createIsolatedWorld", ["frameId": .string(page.state.frame), "worldName": .string("wonder")], by: soon)
      world = made["executionContextId"] ?? .null
    }
    let answer = try page.call(
      "Runtime.callFunctionOn",
      [
        "functionDeclaration": .string(script.text), "executionContextId": world, "awaitPromise": .boolean(true),
        "returnByValue": .boolean(true), "arguments": .array(arguments.map { .object([("value", $0)]) }),
      ], by: limit)
    if let details = answer["exceptionDetails"] {
      let words = details["exception"]?["description"]?.string ?? details["text"]?.string ?? ""
      throw script == .await || script == .place
        ? .failed(ConversionFailure(.pageFailed, "the browser does not understand the CSS selector")) : .refused(words)
    }
    return answer["result"]?["value"] ?? .null
  }
}
