import Basics
import CSystem
import Formats
import Glibc

/// Starts one program, hears what it prints, and sees it to its end.
final class ToolWatch {
  /// How much of what a program prints is kept.
  private static let mostWords = 1024
  private static let pieceBytes = 16 << 10
  /// A round of killing lasts a millisecond.
  private static let mostRounds: Int32 = 5000

  private let control: Channel
  private let request: ToolRequest
  private let folder: Int32
  /// What the program reads orders from and answers to.
  private var pipes: (orders: Int32, answers: Int32)?
  private var printed: [UInt8] = []
  private var lastTold: [UInt8] = []
  /// What keeps the program from harm, as far as is known.
  private var held: ToolConfinement = []
  /// What ended it before it began.
  private var early: csystem_tool_news?
  /// True while the program stands still.
  private var isStopped = false
  /// True until a name of a socket of its own has appeared.
  private var awaitsSockets = false

  init(
    _ control: Channel, _ request: ToolRequest, _ folder: Int32, _ pipes: (orders: Int32, answers: Int32)? = nil
  ) {
    self.pipes = pipes
    self.control = control
    self.request = request
    self.folder = folder
  }

  /// Nil when it was ended from outside.
  func run() throws(SystemFailure) -> ToolReport? {
    if geteuid() == 0 { try check("setresuid") { csystem_drop_user(Nobody.user) } }
    _ = csystem_adopt_orphans()
    _ = csystem_forbid_new_privileges()
    let signals = Channel(try check("signalfd") { csystem_child_signals() })
    let held = csystem_enter_spaces(ToolConfinement.all.subtracting(request.masked).rawValue)
    let sockets = request.sockets.map {
      LocalSockets(prefix: $0, areAlone: ToolConfinement(rawValue: held).contains(.network))
    }
    awaitsSockets = sockets?.areAlone ?? false
    defer { sockets?.removeDead() }
    let doors = try listen(held)
    defer { for listener in doors { close(listener) } }
    let output = try Pipe()
    let news = try Pipe()
    let child = try start(output, news, held)
    output.closeWriter()
    news.closeWriter()
    closePipes()
    try handOut(doors, news)
    var status: Int32 = 0
    while true {
      let isReady = try Channel.wait(for: [control, signals, output.reader], milliseconds: pause)
      if isReady[0] {
        // Whatever else is said now means the end.
        guard isStopped, ToolWord.isGoOn(try control.receive()) else {
          _ = sockets?.removeOwn()
          csystem_end_tool(child, ToolWatch.mostRounds)
          return nil
        }
        (isStopped, printed) = (false, [])
        csystem_stop_tool(child, held, false)
      }
      if let most = request.togetherBytes { csystem_trim_tool(child, UInt64(max(0, most))) }
      if awaitsSockets { awaitsSockets = !(sockets?.removeOwn() ?? true) }
      if hasObeyed {
        isStopped = true
        csystem_stop_tool(child, held, true)
        while isReadable(output.reader), take(output.reader) {}
        _ = sockets?.removeOwn()
        _ = hear(news)
        try control.send(ToolReport.waits(ToolEnd(code: 0, words: words), self.held).json)
      }
      if isReady[2], !take(output.reader) { _ = try? Channel.wait(for: [control, signals], milliseconds: 100) }
      if isReady[1] {
        csystem_drain_signals(signals.descriptor)
        if waitpid(child, &status, WNOHANG) == child { break }
      }
    }
    csystem_end_tool(0, ToolWatch.mostRounds)
    while isReadable(output.reader), take(output.reader) {}
    return report(news, status)
  }

  /// How long to wait at most before the next look, in milliseconds.
  private var pause: Int32 {
    if isStopped { return -1 }
    if request.order != nil { return ToolWatch.orderLook }
    if awaitsSockets { return ToolWatch.socketsLook }
    return request.togetherBytes == nil ? -1 : ToolWatch.memoryLook
  }
  private static let memoryLook: Int32 = 200
  private static let orderLook: Int32 = 5
  private static let socketsLook: Int32 = 20

  /// True when a program that goes on has taken its order away.
  private var hasObeyed: Bool {
    guard let order = request.order, !isStopped else { return false }
    var facts = stat()
    return fstatat(folder, order, &facts, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT
  }

  private func start(_ output: Pipe, _ news: Pipe, _ held: Int32) throws(SystemFailure) -> Int32 {
    let arguments = CStrings([request.path] + request.arguments)
    let environment = CStrings(request.environment)
    let readable = CStrings(request.readable)
    let path = SystemText.cString(request.path)
    let fed = CStrings(request.fed.map { [$0] } ?? [])
    let printed = CStrings(request.printed.map { [$0] } ?? [])
    // Without a user space the server's own processes count as well.
    let processes = ToolConfinement(rawValue: held).contains(.users) ? UInt64(request.processes) : 4096
    return try check("fork") {
      path.withUnsafeBufferPointer { path in
        request.doors.withUnsafeBufferPointer { doors in
          var tool = csystem_tool(
            path: path.baseAddress, arguments: arguments.list, environment: environment.list,
            readable: UnsafeRawPointer(readable.list).assumingMemoryBound(to: UnsafePointer<CChar>?.self),
            folder: folder, output: output.writer, fed: UnsafePointer(fed.list[0]),
            printed: UnsafePointer(printed.list[0]), orders: pipes?.orders ?? -1, answers: pipes?.answers ?? -1,
            doors: doors.baseAddress, door_count: doors.count,
            news: news.writer,
            memory_bytes: UInt64(max(0, request.memoryBytes ?? 0)),
            file_bytes: UInt64(request.fileBytes), cpu_seconds: UInt64(request.seconds), processes: processes,
            needs: request.needs.rawValue, required: request.required.rawValue, masked: request.masked.rawValue)
          return csystem_fork_tool(&tool, held)
        }
      }
    }
  }

  /// What listens on the ports of the program's own network; without one it has none.
  private func listen(_ held: Int32) throws(SystemFailure) -> [Int32] {
    guard ToolConfinement(rawValue: held).contains(.network) else { return [] }
    var listeners: [Int32] = []
    do throws(SystemFailure) {
      for port in request.doors { listeners.append(try check("listen") { csystem_listen_inside(port) }) }
      return listeners
    } catch {
      for listener in listeners { close(listener) }
      throw error
    }
  }

  /// Hands out what listens when the program begins; one that does not begin has other news.
  private func handOut(_ doors: [Int32], _ news: Pipe) throws(SystemFailure) {
    guard !doors.isEmpty, try Channel.wait(for: [news.reader], milliseconds: ToolWatch.longestStart)[0] else { return }
    early = hear(news)
    if early == nil { try control.send(ToolReport.opens(held).json, descriptors: doors) }
  }
  private static let longestStart: Int32 = 10_000

  /// The program has its own, and what it answers ends when all who have the other end are gone.
  private func closePipes() {
    if let (orders, answers) = pipes {
      close(orders)
      close(answers)
    }
    pipes = nil
  }

  /// False at the end of what it prints.
  private func take(_ reader: Channel) -> Bool {
    var piece = [UInt8](repeating: 0, count: ToolWatch.pieceBytes)
    let count = read(reader.descriptor, &piece, piece.count)
    guard count > 0 else { return false }
    printed = Array((printed + piece[..<count]).suffix(ToolWatch.mostWords))
    tellProgress()
    return true
  }

  /// Sends the last whole line with the mark, where it is another than before.
  private func tellProgress() {
    guard let mark = request.progressMark.map({ Array($0.utf8) }),
      let line = printed.split(omittingEmptySubsequences: true, whereSeparator: { $0 == 0x0A || $0 == 0x0D })
        .dropLast(printed.last == 0x0A || printed.last == 0x0D ? 0 : 1).last(where: { $0.starts(with: mark) }),
      !line.elementsEqual(lastTold)
    else { return }
    lastTold = Array(line)
    try? control.send(ToolReport.progress(ToolWatch.words(lastTold)).json)
  }

  private func isReadable(_ reader: Channel) -> Bool {
    (try? Channel.wait(for: [reader], milliseconds: 0))?.first ?? false
  }

  /// By the news in their order: what holds, then the end of the program as its own parent saw it.
  private func report(_ news: Pipe, _ status: Int32) -> ToolReport {
    let last = early ?? hear(news) ?? csystem_tool_end(status)
    switch last.kind {
    case Int32(CSYSTEM_TOOL_TOO_WEAK): return .tooWeak(ToolConfinement(rawValue: last.value))
    case Int32(CSYSTEM_TOOL_NOT_STARTED): return .notStarted(code: last.value)
    case Int32(CSYSTEM_TOOL_KILLED): return .killed(signal: last.value, ToolEnd(code: -1, words: words))
    default: return .ended(ToolEnd(code: last.value, words: words), held)
    }
  }

  /// Notes what holds; gives what ended the program, the first of what is told of that, if any.
  private func hear(_ news: Pipe) -> csystem_tool_news? {
    var end: csystem_tool_news?
    var next = csystem_tool_news()
    let size = MemoryLayout<csystem_tool_news>.size
    while isReadable(news.reader), read(news.reader.descriptor, &next, size) == size {
      if next.kind == Int32(CSYSTEM_TOOL_STARTS) {
        held = ToolConfinement(rawValue: next.value)
      } else if end == nil {
        end = next
      }
    }
    return end
  }

  /// The last words of the program.
  private var words: String {
    ToolWatch.words(request.progressMark == nil ? printed : ToolWatch.withoutFigures(printed))
  }

  /// What a program that tells how far it is has said beside: all lines but those of a name and its value.
  private static func withoutFigures(_ bytes: [UInt8]) -> [UInt8] {
    func isFigure(_ line: ArraySlice<UInt8>) -> Bool {
      guard let sign = line.firstIndex(of: 0x3D), sign > line.startIndex else { return false }
      return line[..<sign].allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
    return Array(
      bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).filter { !isFigure($0) }.joined(separator: [0x0A]))
  }

  /// What no path goes on behind.
  private static let pathEnds = Set(" :;,'\"()".utf8)

  /// One line of printable ASCII without paths, for a log.
  static func words(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var isInPath = false
    for byte in bytes.lazy.map({ (0x20..<0x7F).contains($0) ? $0 : 0x20 }) {
      if isInPath && !pathEnds.contains(byte) { continue }
      isInPath = byte == UInt8(ascii: "/")
      if isInPath { text += Array("(path)".utf8) } else { text.append(byte) }
    }
    return String(decoding: text, as: UTF8.self).split(separator: " ").joined(separator: " ")
  }

  /// A list of C strings that ends with a null pointer.
  private final class CStrings {
    let list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
      count = texts.count
      list = .allocate(capacity: texts.count + 1)
      for (index, text) in texts.enumerated() { list[index] = strdup(SystemText.cString(text)) }
      list[texts.count] = nil
    }

    deinit {
      for index in 0..<count { free(list[index]) }
      list.deallocate()
    }
  }

  /// A pipe, of which the reader does not block the loop.
  private final class Pipe {
    let reader: Channel
    private(set) var writer: Int32

    init() throws(SystemFailure) {
      var ends: [Int32] = [-1, -1]
      try check("pipe") { csystem_pipe(&ends) }
      reader = Channel(ends[0])
      writer = ends[1]
    }

    func closeWriter() {
      close(writer)
      writer = -1
    }
  }
}
