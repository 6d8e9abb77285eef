import Basics
import CSystem
import Conversion
import Formats
import Glibc
import HTTP

/// The command `wonder serve`.
enum ServeCommand {
  /// How long a thread of the server or a worker computes at a time, in nanoseconds, while others wait for the processor.
  ///
  /// The system's own 3 ms add up over the threads and the child that a small picture passes through.
  private static let turn: UInt64 = 300_000

  /// How many arenas malloc(3) may have for the server's threads, of which few compute at a time.
  ///
  /// The C library's own eight for each core keep what each burst of requests has left in each of them.
  static func arenas(cores: Int) -> Int { max(4, 2 * cores) }

  static let command = Command(
    "serve", "runs the appliance in the foreground",
    examples: ["wonder serve", "wonder serve --listen 127.0.0.1:9000 --data /srv/wonder"]
  ) { call in
    // First of all, for what is made afterwards takes it over: every thread and every worker.
    csystem_ask_for_turns(0, ServeCommand.turn)
    csystem_limit_arenas(Int32(clamping: ServeCommand.arenas(cores: Program.cores)))
    let signals = Signals()
    DescriptorLimit.raise()
    let program = Program.file()
    do {
      return try serve(call, signals, program)
    } catch let failure as SystemFailure where failure.isThreadShortage {
      throw StartFailure(
        "the system gives no thread for \"\(failure.subject)\"; raise the limit of processes (ulimit -u, TasksMax= of the unit)"
      )
    }
  }

  private static func serve(_ call: Invocation, _ signals: Signals, _ program: ProgramFile) throws -> Command.Outcome {
    try DirectoryOwner.become(ownerOf: DataPlace.find(call.settings, makes: true))
    let style = Log.Style(rawValue: call.settings.text(.log)) ?? .text
    let log = Log(style: style, least: level(call.settings), showsPriority: getenv("JOURNAL_STREAM") != nil)
    if geteuid() == 0 { log.warning("running as root; an own user for the data directory is safer") }
    let serve = try Serve(settings: call.settings, program: program, log: log)
    let token = setupToken(serve, log)
    let addresses: [String]
    do { addresses = try serve.start() } catch let failure as SystemFailure where !failure.isThreadShortage {
      call.console.error("wonder serve: \(ListenProblem.words(failure))")
      return .failed
    }
    for address in addresses { call.console.out("wonder: listening on http://\(ListenAddress.openable(address))") }
    if addresses.contains(where: { ListenAddress.openable($0) != $0 }) {
      call.console.out("wonder: other machines reach it by each address of this one")
    }
    if let token, let address = addresses.first { printSetupLink(token, address, call) }
    let manager = ServiceManager(environment: ProcessEnvironment.variables)
    let watchdog = try manager.patience.map {
      try Watchdog(manager, patience: $0, log: log, isAlive: { serve.isAlive() })
    }
    let status = "listening on \(addresses.joined(separator: ", "))"
    manager.tellReady(status)
    var name = signals.wait()
    while name == "SIGHUP" {
      manager.tellReloading()
      rereadLevel(call, log)
      serve.lookForPrograms()
      manager.tellReady(status)
      name = signals.wait()
    }
    log.notice("stopping", ["signal": name])
    manager.tellStopping()
    watchdog?.stop()
    serve.stop()
    return .done
  }

  private static func level(_ settings: Settings) -> Log.Level {
    Log.Level(name: settings.text(.logLevel)) ?? .info
  }

  /// The other settings need a new start; a file that cannot be used leaves everything as it was.
  private static func rereadLevel(_ call: Invocation, _ log: Log) {
    do {
      log.threshold.level = level(try call.reread())
      log.notice("settings read again", ["level": log.threshold.level.words.name])
    } catch {
      log.warning("the settings cannot be read again, and stay as they were", ["error": "\(error)"])
    }
  }

  /// Lets the first administrator in, while there is none; a disk that fails is no reason not to serve.
  private static func setupToken(_ serve: Serve, _ log: Log) -> String? {
    do { return try serve.makeSetupLink() } catch {
      log.warning("no setup link could be made", ["error": "\(error)"])
      return nil
    }
  }

  private static func printSetupLink(_ token: String, _ address: String, _ call: Invocation) {
    let configured = call.settings.text(.publicURL)
    let link = ServerAddress.link(
      configured.isEmpty ? "http://\(ListenAddress.openable(address))" : configured, "setup", token)
    call.console.out("wonder: nobody administers this server yet; sign in once at \(link)")
  }
}
