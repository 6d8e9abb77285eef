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
}
