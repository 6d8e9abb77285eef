import Basics
import Formats
import Glibc

/// The process beside a program: how it is started, and what it tells.
extension ToolBench {
  /// What a program may write into one file, and how many seconds it may use a processor.
  struct Limits {
    let fileBytes: Int64
    let seconds: Int64
  }

  /// Starts the process that confines a program and keeps it; `order` is the file that the program takes away when it has
  /// obeyed and waits for another, and nil for one that ends.
  func start(
    _ call: ToolCall, _ path: String, _ limits: Limits, _ folder: JobFolder, order: String? = nil,
    needing layers: ToolConfinement = [], pipes: [Int32] = []
  ) throws(ConversionFailure) -> ZygoteProcess {
    let standard = ["PATH": "/usr/bin:/bin", "HOME": ".", "TMPDIR": ".", "LANG": "C.UTF-8"]
    let environment = standard.merging(call.environment) { $1 }.sorted { $0.key < $1.key }
    let request = ToolRequest(
      path: path, arguments: call.arguments, environment: environment.map { "\($0.key)=\($0.value)" },
      readable: call.readable, needs: call.needs, memoryBytes: call.memoryBytes, processes: Int64(call.processes),
      progressMark: call.progressMark, fed: call.fed, printed: call.printed, order: order,
      sockets: call.sockets, togetherBytes: call.togetherBytes, doors: call.doors,
      fileBytes: max(1, call.scratchBytes, limits.fileBytes),
      seconds: limits.seconds, required: required.union(layers), masked: masked)
    let process: ZygoteProcess
    do throws(SystemFailure) {
      let (server, own) = try Channel.pair()
      process = ZygoteProcess(process: try program.start("tool", control: own.descriptor), control: server)
    } catch {
      throw ConversionFailure(.internalError, "the program could not be started (\(error.call))")
    }
    do throws(SystemFailure) {
      try process.control.send(request.json, descriptors: [folder.descriptor] + pipes)
      return process
    } catch {
      process.kill()
      throw ToolBench.keeperDied
    }
  }

  private static let keeperDied = ConversionFailure(.converterDied, "the program's keeper ended before it")

  /// Nil while there is none.
  static func report(_ control: Channel) throws(ConversionFailure) -> ToolReport? {
    do throws(SystemFailure) {
      guard try Channel.wait(for: [control], milliseconds: look)[0] else { return nil }
      if case .document(let document) = try control.receive(), let report = ToolReport(document) { return report }
    } catch {
      throw keeperDied
    }
    throw keeperDied
  }

  func end(_ report: ToolReport, _ path: String) throws(ConversionFailure) -> ToolEnd {
    switch report {
    case .ended(let end, _): return end
    case .progress, .opens, .waits: throw ConversionFailure(.internalError, "a program that goes on has not ended")
    case .killed(SIGXCPU, let end):
      throw ConversionFailure(.timeLimit, "the conversion used more processor time than it may").saying(end.words)
    case .killed(SIGXFSZ, _): throw .overLimit
    case .killed(let signal, let end):
      log.warning("a program died", ["program": path, "signal": "\(signal)", "words": end.words])
      throw ConversionFailure(.converterDied, "the program for this conversion died").saying(end.words)
    case .notStarted(let code):
      log.error(
        "a program could not be started", ["program": path, "reason": "\(SystemFailure("execve", path, code: code))"])
      throw ConversionFailure(.internalError, "the program for this conversion could not be started")
    case .tooWeak(let held):
      log.error(
        "a program was not started, for less keeps it from harm than WONDER_SANDBOX asks for",
        ["program": path, "held": held.words, "wanted": required.words])
      throw ConversionFailure(.internalError, "the server may not run the program for this conversion")
    }
  }
}
