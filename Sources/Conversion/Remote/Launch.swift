import Basics
import CSystem
import Glibc

/// One call of the launcher with the orders that it was given; one thread watches it.
final class Launch {
  /// So long without a line a machine that had begun counts as lost.
  private static let silence = Duration.seconds(60)
  /// How long a launcher has after SIGTERM.
  private static let grace = Duration.seconds(5)
  /// How much longer than it may an order is waited for.
  private static let spare = Duration.seconds(20)
  /// Milliseconds between two looks: an order that is over in a second is told of at once, and a long one costs little.
  private static let looks: (first: Int32, last: Int32) = (2, 50)
  private static let fresh = Duration.seconds(1)

  private let record: LaunchRecord
  private let place: String
  private let orders: [Assignment]
  /// False for one that an earlier run has started.
  private let isOurs: Bool
  private let handle: Int32
  private let output: Int32
  private var rest: [UInt8] = []
  private var host: String?
  private var lastSign = Clock.readMonotonic()
  private var isOpen: Set<Int>

  /// Takes up one that was started; its process may have ended.
  init(_ record: LaunchRecord, in place: String, _ orders: [Assignment], isOurs: Bool) {
    self.record = record
    self.place = place
    self.orders = orders
    self.isOurs = isOurs
    isOpen = Set(orders.indices)
    handle = record.process.map { csystem_open_process($0) } ?? -1
    output = open(record.path(place, "out"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
  }

  deinit {
    if handle >= 0 { close(handle) }
    if output >= 0 { close(output) }
  }

  /// Starts the launcher's words with what it is to do behind them.
  static func start(
    _ words: [String], environment: [String], name: String, in place: String, _ orders: [Assignment]
  ) throws(SystemFailure) -> Launch {
    var record = LaunchRecord(name: name, folders: orders.map(\.folder.name))
    do {
      // Its folders are known before its process is, so that a crash in between leaves none that nobody knows.
      try record.write(in: place)
      let output = try make(record.path(place, "out"))
      defer { close(output) }
      let errors = try make(record.path(place, "err"))
      defer { close(errors) }
      let process = try CommandProcess.start(
        words + orders.map(\.folder.path), environment: environment, output: output, errors: errors)
      record.process = process
      record.startedAt = LaunchRecord.startTime(of: process)
      try record.write(in: place)
      return Launch(record, in: place, orders, isOurs: true)
    } catch {
      if let process = record.process {
        kill(-process, SIGKILL)
        _ = CommandProcess.end(of: process)
      }
      record.remove(in: place)
      throw error
    }
  }

  private static func make(_ path: String) throws(SystemFailure) -> Int32 {
    try check("open", path) { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600) }
  }

  /// Sees it through to its end, and tells each order of its own; `loses` hears why some are lost before they do, for they
  /// are tried again at once.
  ///
  /// When `stops` says so it is left alone, for the next run of the server to find.
  func watch(_ figures: NodeFigures, loses: (String) -> Void, stops: () -> Bool) {
    var endsAt: Int64?
    let start = Clock.readMonotonic()
    while true {
      let isFresh = Clock.readMonotonic() - start < Launch.fresh.nanoseconds
      if hasEnded(within: isFresh ? Launch.looks.first : Launch.looks.last) { break }
      if stops() { return }
      readLines()
      // Where the folder is on a file system of this machine a result is there before its line has come.
      if isFresh { for index in isOpen where orders[index].folder.hasResult { settle(index) } }
      for index in isOpen where orders[index].isCanceled || orders[index].isOverdue(by: Launch.spare) {
        orders[index].lose(
          orders[index].isCanceled ? "nobody waits for it any more" : "it took longer there than it may")
        isOpen.remove(index)
      }
      let now = Clock.readMonotonic()
      let isSilent = host != nil && now - lastSign > Launch.silence.nanoseconds
      if isSilent, !isOpen.isEmpty, let host {
        lose("no sign of life from \(host) for \(Launch.silence.milliseconds / 1000) s", figures, loses)
      }
      if endsAt == nil, isOpen.isEmpty {
        endsAt = now + Launch.grace.nanoseconds
        // What has ended every order ends by itself, and soon.
        if orders.contains(where: \.isLost) { signal(SIGTERM) }
      }
      if let endsAt, now > endsAt { signal(SIGKILL) }
    }
    let status = isOurs ? record.process.flatMap { CommandProcess.end(of: $0) } : nil
    readLines()
    for index in isOpen { settle(index) }
    if !isOpen.isEmpty { lose(words(status), figures, loses) }
    record.remove(in: place)
  }

  private func signal(_ signal: Int32) {
    guard let process = record.process, isOurs || record.runs else { return }
    // It leads a session of its own, with whatever a script has started.
    kill(-process, signal)
  }

  private func lose(_ reason: String, _ figures: NodeFigures, _ loses: (String) -> Void) {
    loses(reason)
    for index in isOpen.sorted() {
      orders[index].lose(reason)
      figures.lost(host ?? Launcher.name, reason)
    }
    isOpen = []
  }

  private func hasEnded(within milliseconds: Int32) -> Bool {
    guard handle >= 0 else {
      // Without a descriptor, which a full table or an old kernel does not give.
      usleep(UInt32(milliseconds) * 1000)
      return !(record.runs)
    }
    var waits = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
    return poll(&waits, 1, milliseconds) > 0
  }

  private func readLines() {
    guard output >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let count = read(output, &buffer, buffer.count)
      guard count > 0 else { break }
      lastSign = Clock.readMonotonic()
      rest += buffer[..<count]
    }
    while let end = rest.firstIndex(of: 0x0A) {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest.removeFirst(end + 1)
      hear(line)
    }
    // A launcher that prints without an end is not kept in memory.
    if rest.count > 1 << 16 { rest = [] }
  }

  private func hear(_ text: String) {
    switch RemoteLine(text) {
    case .started(let host)?: self.host = host
    case .begun(let index)? where isOpen.contains(index): orders[index].begin(on: host ?? Launcher.name)
    case .progress(let index, let percent)? where isOpen.contains(index): orders[index].tell(percent)
    case .ended(let index)? where isOpen.contains(index): settle(index)
    default: break
    }
  }

  /// What has a result is ended; another machine's file system may show it later than its line.
  private func settle(_ index: Int) {
    guard let result = orders[index].folder.result else { return }
    orders[index].begin(on: result.host)
    orders[index].end(on: result.host)
    isOpen.remove(index)
  }

  /// Why there is no result, as far as the launcher tells.
  private func words(_ status: Int32?) -> String {
    let errors = LaunchRecord.text(record.path(place, "err")) ?? ""
    let last = errors.split(separator: "\n").last.map { ": " + RemoteResult.sentence(String($0), most: 300) } ?? ""
    let end =
      status.map { $0 & 0x7F == 0 ? "ended with \($0 >> 8 & 0xFF)" : "was ended by signal \($0 & 0x7F)" } ?? "ended"
    return "the launcher \(end) and left no result\(last)"
  }
}
