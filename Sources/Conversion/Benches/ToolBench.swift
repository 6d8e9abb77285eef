package import Basics
import CSystem
package import Formats
import Glibc
import Synchronization

/// Calls programs of others: a folder for each call, confinement, a limit for everything, and a look at what came out.
package final class ToolBench: Bench {
  /// How long a processor may be used for each second that the call may last.
  private static let spareSeconds: Int64 = 5
  private static let look = Int32(100)
  /// A job has no more outputs.
  private static let mostResults = 1000

  private let program: ProgramFile
  private let found: @Sendable () -> Toolbox
  package let figures = ToolFigures()
  private let spool: Spool
  private let required: ToolConfinement
  private let masked: ToolConfinement
  private let log: Log
  private let maxPixels: Int
  private let count = Atomic(0)
  private let isClosed = Atomic(false)

  /// The same with programs that stay as they are.
  package convenience init(
    program: ProgramFile, found: Toolbox, spool: Spool, level: SandboxLevel, masked: ToolConfinement = [],
    maxPixels: Int = ConversionLimits().maxPixels, log: Log
  ) {
    self.init(
      program: program, finding: { found }, spool: spool, level: level, masked: masked, maxPixels: maxPixels, log: log)
  }

  /// `found` tells the programs that are here now; `level` is what WONDER_SANDBOX asks for; `masked` is left out to see that
  /// the rest holds.
  package init(
    program: ProgramFile, finding found: @escaping @Sendable () -> Toolbox, spool: Spool, level: SandboxLevel,
    masked: ToolConfinement = [], maxPixels: Int = ConversionLimits().maxPixels, log: Log
  ) {
    self.program = program
    self.found = found
    self.spool = spool
    required = ToolConfinement(requiredAt: level)
    self.masked = masked
    self.maxPixels = maxPixels
    self.log = log
  }

  /// Cancels what runs; each call ends its program and itself.
  package func close() { isClosed.store(true, ordering: .releasing) }

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
    let folder = try makeFolder()
    defer { folder.remove() }
    let ending = (order.step.from ?? order.step.to).fileExtension
    var sources: [String] = []
    do throws(SystemFailure) {
      for (index, source) in order.files.sources.enumerated() {
        sources.append("in-\(index + 1).\(ending)")
        try folder.put(source, as: sources[index])
      }
      if let overlay = order.files.overlay { try folder.put(overlay, as: ToolBench.overlay) }
    } catch {
      throw ConversionFailure(error)
    }
    let overlay = order.files.overlay == nil ? nil : ToolBench.overlay
    var conversion = order.conversion
    // Where files of any format were taken, the step knows what this one is.
    conversion.from = order.step.from ?? conversion.from
    let task = ToolTask(
      conversion: conversion, sources: sources, overlay: overlay, maxPixels: maxPixels, folder: folder)
    var ends: [ToolEnd] = []
    let results: [ToolResult]
    do {
      let deadline = Clock.readMonotonic() + order.timeLimit.nanoseconds
      while let call = try tool.call(task, after: ends) {
        let run = ToolRun(tool: tool, task: task, ends: ends, call: call, found: found, deadline: deadline)
        ends.append(try self.run(run, order, folder, watch))
      }
      results = try tool.results(of: task, ends)
    } catch {
      log.info(
        "a program made nothing",
        [
          "program": tool.program.name, "reason": error.message, "code": ends.last.map { "\($0.code)" } ?? "",
          "words": ends.last?.words ?? "",
        ])
      throw error.words.isEmpty ? error.saying(ends.last?.words ?? "") : error
    }
    do {
      return try take(results, order, folder)
    } catch {
      throw error.saying(ends.last?.words ?? "")
    }
  }

  private static let overlay = "overlay"

  private func makeFolder() throws(ConversionFailure) -> JobFolder {
    do {
      return try JobFolder(spool, "tool-\(getpid())-\(count.add(1, ordering: .relaxed).newValue)")
    } catch let failure as SystemFailure {
      throw ConversionFailure(failure)
    } catch {
      throw ConversionFailure(.internalError, "the server has no place for the conversion")
    }
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
    let process = try start(run.call, path, order, folder)
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
      case let report?:
        if case .ended(_, let layers) = report { held = layers }
        return try end(report, path)
      case nil: break
      }
      if watch.isCanceled() || isClosed.load(ordering: .acquiring) { throw .canceled }
      guard Clock.readMonotonic() < run.deadline else {
        throw ConversionFailure(.timeLimit, "the conversion took longer than it may")
      }
      guard try folder.bytes() - folder.given - run.call.scratchBytes <= order.mostBytes else { throw .overLimit }
    }
  }

  private func start(
    _ call: ToolCall, _ path: String, _ order: Order, _ folder: JobFolder
  ) throws(ConversionFailure) -> ZygoteProcess {
    let standard = ["PATH": "/usr/bin:/bin", "HOME": ".", "TMPDIR": ".", "LANG": "C.UTF-8"]
    let environment = standard.merging(call.environment) { $1 }.sorted { $0.key < $1.key }
    let request = ToolRequest(
      path: path, arguments: call.arguments, environment: environment.map { "\($0.key)=\($0.value)" },
      readable: call.readable, needs: call.needs, memoryBytes: call.memoryBytes, processes: Int64(call.processes),
      progressMark: call.progressMark, fed: call.fed, printed: call.printed,
      fileBytes: max(1, call.scratchBytes, order.mostBytes),
      seconds: max(1, order.timeLimit.milliseconds / 1000) + ToolBench.spareSeconds, required: required, masked: masked)
    let process: ZygoteProcess
    do throws(SystemFailure) {
      let (server, own) = try Channel.pair()
      process = ZygoteProcess(process: try program.start("tool", control: own.descriptor), control: server)
    } catch {
      throw ConversionFailure(.internalError, "the program could not be started (\(error.call))")
    }
    do throws(SystemFailure) {
      try process.control.send(request.json, descriptors: [folder.descriptor])
      return process
    } catch {
      process.kill()
      throw ToolBench.keeperDied
    }
  }

  private static let keeperDied = ConversionFailure(.converterDied, "the program's keeper ended before it")

  /// Nil while there is none.
  private static func report(_ control: Channel) throws(ConversionFailure) -> ToolReport? {
    do throws(SystemFailure) {
      guard try Channel.wait(for: [control], milliseconds: look)[0] else { return nil }
      if case .document(let document) = try control.receive(), let report = ToolReport(document) { return report }
    } catch {
      throw keeperDied
    }
    throw keeperDied
  }

  private func end(_ report: ToolReport, _ path: String) throws(ConversionFailure) -> ToolEnd {
    switch report {
    case .ended(let end, _): return end
    case .progress: throw ConversionFailure(.internalError, "a program that goes on has not ended")
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

  /// Copies what was made into the order's files, after a look at what it is.
  private func take(
    _ results: [ToolResult], _ order: Order, _ folder: JobFolder
  ) throws(ConversionFailure) -> [MadeFile] {
    var left = order.mostBytes
    var made: [MadeFile] = []
    guard !results.isEmpty, results.count <= ToolBench.mostResults else {
      throw ConversionFailure(.outputTooLarge, "\(results.count) files are more or fewer than a conversion may make")
    }
    for result in results {
      let output = made.isEmpty ? order.files.output : try order.another()
      if let pieces = result.pieces {
        do throws(SystemFailure) { try folder.put(pieces, as: result.name) } catch { throw ConversionFailure(error) }
      }
      let size = try folder.take(result.name, into: output, atMost: left)
      left -= size
      do throws(SystemFailure) {
        guard try Sniffer.type(ofFile: output).may(be: order.step.to) else {
          throw SystemFailure("type", "output", code: EILSEQ)
        }
        let hash = try SHA256.digest(ofFile: output, named: "output")
        let outcome = ConversionOutcome(size: size, width: nil, height: nil, sha256: hash)
        made.append(MadeFile(descriptor: output, outcome: outcome, label: result.label))
      } catch {
        if error.code != EILSEQ { throw ConversionFailure(error) }
        throw ConversionFailure(.converterDied, "the program made something else than \(order.step.to.title)")
      }
    }
    return made
  }
}
