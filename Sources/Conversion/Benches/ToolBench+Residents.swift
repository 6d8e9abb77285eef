import Basics
import Formats
import Glibc

/// Orders to programs that stay.
extension ToolBench {
  /// What one may write into a file; more is for a program of its own.
  private static let residentBytes: Int64 = 1 << 30
  /// What one may use a processor for, whatever its orders are.
  private static let residentSeconds: Int64 = 600

  /// Nil where none can be had, or was lost on the way: a program of its own makes it then.
  ///
  /// What has no owner, such as the trial of a tool, gets a program of its own always.
  func makeByResident(
    _ order: Order, _ tool: any Tool, _ watch: Watch, _ deadline: Int64
  ) throws(ConversionFailure) -> [MadeFile]? {
    guard let residents, let owner = order.owner, let tool = tool as? any ResidentTool, !hasClosed else { return nil }
    let residence = tool.residence
    let start: Residents.Start = { [weak self] in
      guard let self else { throw ConversionFailure.canceled }
      return try self.start(residence)
    }
    let begin = Clock.readMonotonic()
    guard let resident = residents.take(residence, for: owner, start: start) else { return nil }
    var held: ToolConfinement?
    defer { figures.count(residence.program.name, took: .nanoseconds(Clock.readMonotonic() - begin), held: held) }
    var end: ToolEnd?
    do {
      if !resident.isReady { (_, held) = try wait(for: resident, order, watch, deadline) }
      resident.take(for: owner)
      let task = try give(order, tool, to: resident)
      (end, held) = try wait(for: resident, order, watch, deadline)
      let results = try tool.results(of: task, [end ?? ToolEnd(code: 0, words: "")])
      let made = try take(results, order, resident.folder)
      resident.folder.remove(task.sources + [task.overlay].compactMap { $0 } + results.map(\.name))
      residents.giveBack(resident, start: start)
      return made
    } catch {
      // An order that kills its program may do so to one of its own, which then tells how it ended.
      let isLost = error.code == .converterDied
      residents.end(resident, isLost: isLost, start: start)
      if isLost {
        log.info("a program that stayed was lost", ["program": residence.program.name, "reason": error.message])
        return nil
      }
      tell(error, of: tool, end)
      throw error.words.isEmpty ? error.saying(end?.words ?? "") : error
    }
  }

  /// Starts one, which is ready some time later.
  func start(_ residence: Residence) throws(ConversionFailure) -> Resident {
    guard let path = found().path(of: residence.program), let identity = ProgramIdentity(at: path) else {
      throw Absence(program: residence.program, isBroken: false).failure
    }
    let folder = try makeFolder()
    do throws(ConversionFailure) {
      do throws(SystemFailure) {
        for (name, bytes) in residence.call.files { try folder.put(bytes, as: name) }
        try folder.put([UInt8](), as: residence.order)
      } catch {
        throw ConversionFailure(error)
      }
      let limits = Limits(fileBytes: ToolBench.residentBytes, seconds: ToolBench.residentSeconds)
      let process = try start(residence.call, path, limits, folder, order: residence.order)
      return Resident(residence, identity, folder, process)
    } catch {
      folder.remove()
      throw error
    }
  }

  /// Puts the order in the folder of a program that waits, and lets it go on.
  private func give(
    _ order: Order, _ tool: any ResidentTool, to resident: Resident
  ) throws(ConversionFailure) -> ToolTask {
    let folder = resident.folder
    let task = try fill(folder, order)
    let bytes = try tool.order(task)
    folder.remove([resident.residence.report])
    do throws(SystemFailure) {
      try folder.put(bytes, as: resident.residence.order)
      folder.begin()
      resident.isReady = false
      try resident.process.control.send(ToolWord.goOn)
      return task
    } catch {
      throw error.code == EPIPE || error.code == ECONNRESET
        ? ConversionFailure(.converterDied, "the program had ended") : ConversionFailure(error)
    }
  }

  /// Waits until the program waits for its next order; gives what it has said meanwhile, and what holds it.
  private func wait(
    for resident: Resident, _ order: Order, _ watch: Watch, _ deadline: Int64
  ) throws(ConversionFailure) -> (ToolEnd?, ToolConfinement?) {
    while true {
      switch try ToolBench.report(resident.process.control) {
      case .waits(let end, let held)?:
        resident.isReady = true
        return (end, held)
      case .progress?, .opens?: continue
      case .some: throw ConversionFailure(.converterDied, "the program did not stay")
      case nil: break
      }
      try check(resident.residence.call, resident.folder, order, watch, deadline)
    }
  }
}
