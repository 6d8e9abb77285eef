package import Basics
import CSystem
package import Formats
import Glibc
import Synchronization

/// Calls programs of others: a folder for each call, confinement, a limit for everything, and a look at what came out.
package final class ToolBench: Bench {
  /// How long a processor may be used for each second that the call may last.
  private static let spareSeconds: Int64 = 5
  static let look = Int32(100)

  let program: ProgramFile
  let found: @Sendable () -> Toolbox
  package let figures = ToolFigures()
  let spool: Spool
  let required: ToolConfinement
  let masked: ToolConfinement
  let log: Log
  let maxPixels: Int
  let count = Atomic(0)
  private let isClosed = Atomic(false)
  /// Programs that stay when they have made something; nil where none does.
  let residents: Residents?

  /// The same with programs that stay as they are.
  package convenience init(
    program: ProgramFile, found: Toolbox, spool: Spool, level: SandboxLevel, masked: ToolConfinement = [],
    maxPixels: Int = ConversionLimits().maxPixels, residents: Int = 0, log: Log
  ) {
    self.init(
      program: program, finding: { found }, spool: spool, level: level, masked: masked, maxPixels: maxPixels,
      residents: residents, log: log)
  }

  /// `found` tells the programs that are here now; `level` is what WONDER_SANDBOX asks for; `masked` is left out to see that
  /// the rest holds; so many `residents` stay at once for owners who have just had them.
  package init(
    program: ProgramFile, finding found: @escaping @Sendable () -> Toolbox, spool: Spool, level: SandboxLevel,
    masked: ToolConfinement = [], maxPixels: Int = ConversionLimits().maxPixels, residents: Int = 0, log: Log
  ) {
    self.program = program
    self.found = found
    self.spool = spool
    required = ToolConfinement(requiredAt: level)
    self.masked = masked
    self.maxPixels = maxPixels
    self.log = log
    self.residents = residents > 0 ? Residents(most: residents) : nil
  }

  /// Cancels what runs; each call ends its program and itself.
  package func close() {
    isClosed.store(true, ordering: .releasing)
    residents?.close()
  }

  var hasClosed: Bool { isClosed.load(ordering: .acquiring) }

  package func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    guard let tool = order.step.maker as? any Tool else {
      throw ConversionFailure(.internalError, "this step is none of a program's")
    }
    do {
      return try make(order, by: tool, watch)
    } catch {
      if error.code != .canceled { figures.countFailure(tool.program.name) }
      throw error
    }
  }

  private func make(_ order: Order, by tool: any Tool, _ watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    let found = found()
    if let program = found.missing(for: tool) { throw Absence(program: program, isBroken: false).failure }
    let deadline = Clock.readMonotonic() + order.timeLimit.nanoseconds
    if let made = try makeByResident(order, tool, watch, deadline) { return made }
    let folder = try makeFolder()
    defer { folder.remove() }
    let task = try fill(folder, order)
    var ends: [ToolEnd] = []
    let results: [ToolResult]
    do {
      while let call = try tool.call(task, after: ends) {
        let run = ToolRun(tool: tool, task: task, ends: ends, call: call, found: found, deadline: deadline)
        ends.append(try self.run(run, order, folder, watch))
      }
      results = try tool.results(of: task, ends)
    } catch {
      tell(error, of: tool, ends.last)
      throw error.words.isEmpty ? error.saying(ends.last?.words ?? "") : error
    }
    do {
      return try take(results, order, folder)
    } catch {
      throw error.saying(ends.last?.words ?? "")
    }
  }

  /// For operators, who else hear of a failure by the job alone.
  func tell(_ failure: ConversionFailure, of tool: any Tool, _ end: ToolEnd?) {
    log.info(
      "a program made nothing",
      [
        "program": tool.program.name, "reason": failure.message, "code": end.map { "\($0.code)" } ?? "",
        "words": end?.words ?? "",
      ])
  }

  /// A call with what came before it, and when it has to be over.
  private struct ToolRun {
    let tool: any Tool
    let task: ToolTask
    let ends: [ToolEnd]
    let call: ToolCall
    let found: Toolbox
    let deadline: Int64

    var program: Program { call.program ?? tool.program }
  }

  /// Puts in what the call asks for, starts the process that confines the program, and waits for its report.
  private func run(
    _ run: ToolRun, _ order: Order, _ folder: JobFolder, _ watch: Watch
  ) throws(ConversionFailure) -> ToolEnd {
    guard let path = run.found.path(of: run.program) else {
      throw ConversionFailure(.internalError, "a program was called that is none of the tool's")
    }
    do throws(SystemFailure) {
      for (name, bytes) in run.call.files { try folder.put(bytes, as: name) }
      for (name, pieces) in run.call.assembled { try folder.put(pieces, as: name) }
    } catch {
      throw ConversionFailure(error)
    }
    let begin = Clock.readMonotonic()
    var held: ToolConfinement?
    let limits = Limits(
      fileBytes: order.mostBytes, seconds: max(1, order.timeLimit.milliseconds / 1000) + ToolBench.spareSeconds)
    let process = try start(run.call, path, limits, folder)
    defer {
      process.end()
      figures.count(run.program.name, took: .nanoseconds(Clock.readMonotonic() - begin), held: held)
    }
    while true {
      switch try ToolBench.report(process.control) {
      case .progress(let line)?:
        if let percent = run.tool.percent(line, of: run.task, after: run.ends) {
          watch.progress(min(99, max(0, percent)))
        }
        continue
      case .opens?: continue
      case let report?:
        if case .ended(_, let layers) = report { held = layers }
        return try end(report, path)
      case nil: break
      }
      try check(run.call, folder, order, watch, run.deadline)
    }
  }

  /// Throws what ends a program that is at work: nobody wants it any more, its time is over, or it has written too much.
  func check(
    _ call: ToolCall, _ folder: JobFolder, _ order: Order, _ watch: Watch, _ deadline: Int64
  ) throws(ConversionFailure) {
    if watch.isCanceled() || hasClosed { throw .canceled }
    guard Clock.readMonotonic() < deadline else {
      throw ConversionFailure(.timeLimit, "the conversion took longer than it may")
    }
    guard try folder.bytes() - folder.given - call.scratchBytes <= order.mostBytes else { throw .overLimit }
  }
}
