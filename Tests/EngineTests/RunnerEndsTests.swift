import Basics
import Conversion
import Formats
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// What a runner makes of jobs that are canceled, or cut off by a stop, at their very end.
final class RunnerEndsTests: XCTestCase {
  func testJob_ThatIsCanceledAfterItsLastConversion_IsNotCountedAsCompleted() throws {
    let bed = try RunnerBed()
    let bench = MadeUpBench { [store = bed.store, lifecycle = bed.lifecycle, id = bed.job] _, _ in
      // In the database alone: whoever canceled it has not yet told its thread.
      try store.writeBlocking { database in
        guard let job = try Jobs.load(id: id, in: database) else { return }
        _ = try lifecycle.cancel(job, at: Timestamp(milliseconds: 2), database)
      }
    }
    let runner = bed.runner(bench)
    try runner.start()
    while bed.measures.figures.isEmpty { sched_yield() }
    runner.stop(grace: .seconds(60))
    XCTAssertEqual(bed.measures.figures["png-jpg"]?.ends, [.canceled: 1])
    XCTAssertEqual(try bed.status(), .canceled)
    XCTAssertEqual(try bed.store.blobs.names(), [bed.blob], "the output is gone")
  }

  func testStop_AfterItsGrace_TellsWhateverAsks_AndTheJobWaitsAgain() throws {
    let bed = try RunnerBed()
    let begun = Gate()
    let answers = Mutex<[Bool]>([])
    let bench = MadeUpBench { watch, closed in
      let before = watch.isCanceled()
      begun.open()
      closed.wait()
      let after = watch.isCanceled()
      answers.withLock { $0 = [before, after] }
      throw ConversionFailure.canceled
    }
    let runner = bed.runner(bench)
    try runner.start()
    begun.wait()
    runner.stop(grace: .zero)
    XCTAssertEqual(answers.withLock(\.self), [false, true])
    XCTAssertEqual(try bed.status(), .pending)
    XCTAssertTrue(bed.measures.figures.isEmpty, "its end is still to come")
  }

  func testPackingOfOneFile_AsksWithinItWhetherItIsToEnd() throws {
    let bed = try RunnerBed(to: "zip", Entropy.system.bytes(1 << 20))
    let taken = try XCTUnwrap(bed.lifecycle.claim(after: 0))
    let workplace = Workplace(
      store: bed.store, claim: taken.claim, room: AttemptRoom(bed.lifecycle.room, workspace: taken.job.workspaceID))
    defer { workplace.clear() }
    var asked = 0
    let work = JobWork(
      store: bed.store, bench: MadeUpBench { _, _ in }, catalogue: .standard, workplace: workplace, job: taken.job,
      inputs: taken.inputs, tasks: taken.tasks, secrets: taken.secrets, isWide: false, timeLimit: .seconds(60),
      jobTime: .seconds(60), clock: .system, progress: { _ in }, hearDone: nil,
      isCanceled: {
        asked += 1
        return asked > 2
      }, isExtra: { false })
    XCTAssertThrowsError(try work.step()) { XCTAssertEqual(($0 as? ConversionFailure)?.code, .canceled) }
    XCTAssertEqual(asked, 3)
  }
}
