import Basics
import Conversion
import Engine
import Formats
import Glibc
import Storage
import Synchronization

/// Watches folders on one thread and converts on others, until it is stopped or, where that is wanted, nothing is left.
final class WatchRun: Sendable {
  /// Why a file is looked at.
  private enum Reason { case start, written, changed, round, doubt }

  /// What is done again when the machine, and not the file, was at fault.
  private static let patience: Int64 = 30_000_000_000
  /// How often everything is looked at, where events tell and where they do not.
  private static let (seldom, often): (Int64, Int64) = (60_000_000_000, 5_000_000_000)

  private let folders: [WatchedFolder]
  private let rules: Mutex<WatchRules>
  private let machine: MachineCatalogue
  private let bench: Benches
  private let call: Invocation
  private let events: FolderEvents
  private let queue = WatchQueue()
  /// Nanoseconds that a file must have stayed as it is where nobody tells that it is whole.
  private let settle: Int64
  private let isOnce: Bool
  private let hasStopped = Atomic(false)
  private let isLost = Atomic(false)
  private let failures = Atomic(0)

  init(
    _ folders: [WatchedFolder], _ rules: WatchRules, _ machine: MachineCatalogue, _ bench: Benches, settle: Duration,
    _ call: Invocation
  ) throws {
    self.folders = folders
    self.rules = Mutex(rules)
    self.machine = machine
    self.bench = bench
    self.call = call
    self.settle = settle.nanoseconds
    isOnce = call["--once"] != nil
    // First the events and then a look, so that nothing falls between the two.
    events = try FolderEvents(folders.map(\.path))
  }

  /// True when a folder is gone, or when a file of a run over what is there was not converted.
  var hasFailed: Bool { isLost.load(ordering: .relaxed) || isOnce && failures.load(ordering: .relaxed) > 0 }

  func use(_ new: WatchRules) { rules.withLock { $0 = new } }

  /// Begins nothing new; what runs ends.
  func stop() {
    hasStopped.store(true, ordering: .relaxed)
    events.wake()
    queue.close()
  }

  /// Looks after the folders until the end.
  func watch() {
    scan(isFirst: true)
    var last = Clock.readMonotonic()
    let pause = folders.contains(where: \.isRemote) ? WatchRun.often : WatchRun.seldom
    while !hasStopped.load(ordering: .relaxed), !isLost.load(ordering: .relaxed), !(isOnce && queue.isIdle) {
      let now = Clock.readMonotonic()
      let wake = min(last + pause, queue.next ?? .max)
      for event in events.wait(Int32(clamping: max(0, wake - now) / 1_000_000 + 1)) {
        switch event {
        case .file(let folder, let name, let isWhole):
          // The folder itself has no name here.
          if !name.isEmpty { consider(.init(folder: folder, name: name), isWhole ? .written : .changed) }
        case .lost: last = 0
        case .gone(let folder):
          fail("\(folders[folder].path): the folder is gone")
          isLost.store(true, ordering: .relaxed)
        }
      }
      if Clock.readMonotonic() >= last + pause {
        scan(isFirst: false)
        last = Clock.readMonotonic()
      }
      for item in queue.due(at: Clock.readMonotonic()) { consider(item, .doubt) }
    }
    queue.close()
    // The main thread waits for it, and nobody else takes it.
    if !hasStopped.load(ordering: .relaxed) { kill(getpid(), SIGTERM) }
  }

  /// Converts one file after the other until the end.
  func work() {
    while let item = queue.take() {
      convert(item)
      queue.end(item)
      if isOnce { events.wake() }
    }
  }

  private func scan(isFirst: Bool) {
    for (index, folder) in folders.enumerated() {
      do {
        for name in try folder.names() {
          consider(.init(folder: index, name: name), isFirst ? .start : .round)
        }
      } catch {
        fail("\(error)")
      }
    }
  }

  /// Takes a file when it is whole, and else remembers to look again.
  private func consider(_ item: WatchQueue.Item, _ reason: Reason) {
    let folder = folders[item.folder]
    guard WatchedFolder.isWanted(item.name) else { return }
    guard rules.withLock({ $0.rule(for: item.name) }) != nil else {
      if [.start, .written].contains(reason), FileMark(path: "\(folder.path)/\(item.name)") != nil {
        call.console.error("wonder watch: \(shown(item)): no rule fits, so it stays")
      }
      return
    }
    let now = Clock.readMonotonic()
    switch folder.look(item.name) {
    case .absent: queue.forget(item)
    case .closed:
      // Whoever wrote it may be about to open it; its mode is told, too.
      if [.written, .changed].contains(reason) { return queue.doubt(item, nil, until: now + settle) }
      queue.forget(item)
      if reason != .round { fail("\(shown(item)): this user may not read it, so it stays", item) }
    case .whole: queue.add(item)
    case .written: if isOnce { queue.forget(item) } else { queue.doubt(item, nil, until: now + settle) }
    case .unknown(let mark):
      let isTrusted = reason == .written && !folder.isRemote && mark.bytes > 0
      if isTrusted || queue.mark(of: item, at: now) == mark {
        queue.add(item)
      } else {
        queue.doubt(item, mark, until: now + settle)
      }
    }
  }

  private func convert(_ item: WatchQueue.Item) {
    let folder = folders[item.folder]
    // While it waited for its turn somebody may have opened it again.
    if isWritten(item) { return }
    guard let (file, mark) = folder.open(item.name), let rule = rules.withLock({ $0.rule(for: item.name) }) else {
      return
    }
    defer { close(file) }
    do {
      if try StagedResult.resume(item.name, mark, folder) { return }
      let staged = try StagedResult(of: item.name, mark, in: folder)
      defer { staged.drop() }
      let made = try make(item.name, file, rule, in: staged)
      // What was written to meanwhile is another file.
      if isWritten(item) { return }
      guard let now = folder.open(item.name) else { return }
      close(now.descriptor)
      guard now.mark == mark else { return queue.doubt(item, nil, until: Clock.readMonotonic() + settle) }
      let places = try staged.finish(made.map(\.output))
      tell(item, zip(places, made).map { (output: $0, outcome: $1.outcome) })
    } catch {
      if !isWritten(item) { failed(item, mark, error) }
    }
  }

  /// True for a file that somebody has open for writing, which is looked at again later.
  private func isWritten(_ item: WatchQueue.Item) -> Bool {
    guard case .written = folders[item.folder].look(item.name) else { return false }
    queue.doubt(item, nil, until: Clock.readMonotonic() + settle)
    events.wake()
    return true
  }

  private func make(
    _ name: String, _ file: Int32, _ rule: WatchRule, in staged: StagedResult
  ) throws -> [FileConversion.Made] {
    let label = FileNames.clean(name)
    var output = "\(staged.path)/\(FileNames.output(for: label, as: rule.conversion.to))"
    if rule.conversion.to == .files {
      // What was in one file stands in one folder.
      output = String(FileNames.split(output).stem)
      try check("mkdir", output) { mkdir(SystemText.cString(output), 0o777) }
      output += "/\(label)"
    }
    let conversion = FileConversion(
      order: ConversionOrder(name, to: output, rule.conversion, machine), bench: bench,
      timeLimit: call.settings.span(.conversionTime),
      open: { name in
        let copy = try check("dup", name) { fcntl(file, F_DUPFD_CLOEXEC, 0) }
        lseek(copy, 0, SEEK_SET)
        return copy
      })
    return try conversion.make(conversion.order.jobs[0]) { _ in }
  }

  /// A file that cannot be converted goes aside; one that the machine could not convert now stays for later.
  private func failed(_ item: WatchQueue.Item, _ mark: FileMark, _ error: any Error) {
    let failure = error as? ConversionFailure
    let message = failure?.message ?? "\(error)"
    if error is SystemFailure || failure?.code == .diskFull {
      if !isOnce { queue.doubt(item, nil, until: Clock.readMonotonic() + WatchRun.patience) }
      return fail("\(shown(item)): \(message); it stays" + (isOnce ? "" : " and is tried again"), item)
    }
    fail("\(shown(item)): \(message)", item)
    do { try folders[item.folder].fail(item.name, mark, message) } catch { fail("\(error)") }
  }

  private func tell(_ item: WatchQueue.Item, _ made: [FileConversion.Made]) {
    for (output, outcome) in made {
      for warning in outcome.warnings {
        call.console.error("wonder watch: \(shown(item)): warning: \(warning.sentence)")
      }
      let input = "\(folders[item.folder].path)/\(item.name)"
      call.console.out(
        call["--json"] == nil
          ? "\(shown(item)) -> \(ConversionRun.line(HiddenText.escaping(output), outcome))"
          : JSONValue.object([("input", .string(input))] + ConversionRun.members(output, outcome)).text)
    }
  }

  private func fail(_ message: String, _ item: WatchQueue.Item? = nil) {
    failures.add(1, ordering: .relaxed)
    call.console.error("wonder watch: \(message)")
    if let item, call["--json"] != nil {
      let input = "\(folders[item.folder].path)/\(item.name)"
      call.console.out(JSONValue.object([("input", .string(input)), ("message", .string(message))]).text)
    }
  }

  private func shown(_ item: WatchQueue.Item) -> String {
    HiddenText.escaping("\(folders[item.folder].path)/\(item.name)")
  }
}
