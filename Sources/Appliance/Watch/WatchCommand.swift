import Basics
import Conversion
import Engine
import Formats
import Glibc
import Outbound
import Storage

/// The command `wonder watch`.
enum WatchCommand {
  static let command = Command(
    "watch", "converts what is dropped into folders, without a server", operands: "DIR...", count: 1...1000,
    options: [
      Command.Option("--rules", "FILE", "lines such as *.heic -> jpg quality=80; the first that fits counts"),
      Command.Option("--to", "FORMAT", "what every file becomes, instead of rules"),
      Command.Option("--set", "OPTION=VALUE", "an option of --to, as often as needed"),
      Command.Option("--output-dir", "DIR", "where outputs go, inside each DIR or absolute (converted)"),
      Command.Option("--done", "DIR", "where a file goes that was converted (done)"),
      Command.Option("--failed", "DIR", "where one goes that cannot be, with the reason (failed)"),
      Command.Option("--at-once", "N", "how many are converted at once (one for each core)"),
      Command.Option("--settle", "TIME", "how long a file must not change where nothing else tells its end (3s)"),
      Command.Option("--once", nil, "converts what is there, and ends"),
      Command.Option("--json", nil, "prints a line of JSON for each output and failure"),
    ],
    examples: [
      "wonder watch inbox --to pdf", "wonder watch /srv/scans /srv/photos --rules /etc/wonder/watch/scans.conf",
      "wonder watch inbox --to jpg --set quality=80 --output-dir /srv/web --once",
    ], takesAnyName: true
  ) { call in
    let signals = Signals()
    // What tells whether a file is still written to may send it, and it would end the process.
    signal(SIGIO, SIG_IGN)
    let machine = try MachineCatalogue(call.settings)
    let rules = try read(call, machine)
    let settle = try span(call["--settle"] ?? "3s")
    let workers = try call["--at-once"].map { text in
      guard let count = Int(text), (1...256).contains(count) else {
        throw UsageFailure("--at-once \(text): it must be 1 to 256")
      }
      return count
    }
    let folders = try call.operands.map { path in
      try WatchedFolder(
        path, output: call["--output-dir"] ?? "converted", done: call["--done"] ?? "done",
        failed: call["--failed"] ?? "failed")
    }
    for folder in folders { try StagedResult.recover(folder) }
    return try run(call, signals, machine, rules, folders, workers ?? Program.cores, settle)
  }

  private static func read(_ call: Invocation, _ machine: MachineCatalogue) throws -> WatchRules {
    if let path = call["--rules"] {
      guard call["--to"] == nil, call["--set"] == nil else { throw UsageFailure("--rules stands instead of --to") }
      return try WatchRules(file: path, machine)
    }
    guard let target = call["--to"] else { throw UsageFailure("--rules FILE or --to FORMAT is needed") }
    return try WatchRules(to: target, try ConversionOrder.settings(call), machine)
  }

  private static func span(_ text: String) throws -> Duration {
    guard let milliseconds = Quantity.milliseconds(text), (1...3_600_000).contains(milliseconds) else {
      throw UsageFailure("--settle \(text): it must be a time from 1ms to 1h, such as 3s")
    }
    return .milliseconds(milliseconds)
  }

  private static func run(
    _ call: Invocation, _ signals: Signals, _ machine: MachineCatalogue, _ rules: WatchRules,
    _ folders: [WatchedFolder],
    _ workers: Int, _ settle: Duration
  ) throws -> Command.Outcome {
    let program = Program.file()
    let log = Log(least: .warning)
    let pool = WorkerPool(
      program: program, workers: workers, threads: 1, limits: ConversionLimits(call.settings).withoutBudget,
      jobsPerChild: Int(call.settings.number(.jobsPerChild)), log: log)
    defer { pool.close() }
    let place = try ToolPlace("watch")
    let workshop = Workshop(
      call.settings, program: program, pool: pool, finding: { machine.now.found }, spool: Spool(path: place.path),
      pages: workers, addresses: AddressGuard(call.settings), log: log)
    defer { withExtendedLifetime(place) { workshop.benches.close() } }
    let run = try WatchRun(folders, rules, machine, workshop.benches, settle: settle, call)
    let threads =
      try [ServiceThread(trying: "watch") { run.watch() }]
      + (0..<workers).map { number in try ServiceThread(trying: "convert-\(number)") { run.work() } }
    let manager = ServiceManager(environment: ProcessEnvironment.variables)
    manager.tellReady("watching \(folders.map(\.path).joined(separator: ", "))")
    while signals.wait() == "SIGHUP" {
      do { run.use(try read(call, machine)) } catch {
        call.console.error("wonder watch: the rules stay as they were: \(error)")
      }
    }
    manager.tellStopping()
    run.stop()
    // Whoever asks again does not want to wait for what runs; nothing is lost by it.
    signals.release()
    for thread in threads { thread.join() }
    return run.hasFailed ? .failed : .done
  }
}
