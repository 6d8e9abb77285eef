import XCTest

@testable import Basics

/// When something is due that is done by itself.
final class BackupScheduleTests: XCTestCase {
  /// 2026-03-12T08:00:00Z, a Thursday.
  private let now = Timestamp(milliseconds: 1_773_302_400_000)

  private func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }

  func testGrammar_TakesFourForms() throws {
    XCTAssertEqual(BackupSchedule("off"), .off)
    XCTAssertEqual(BackupSchedule("every 6h"), .every(.seconds(6 * 3600)))
    XCTAssertEqual(BackupSchedule("Daily 03:00"), .at(offset: 10_800, period: 86_400))
    XCTAssertEqual(BackupSchedule("weekly sun 00:30"), .at(offset: 3 * 86_400 + 1800, period: 604_800))
    let wrong = [
      "", "on", "daily", "daily 3:00", "daily 24:00", "daily 03:60", "daily 03:00 x", "weekly 03:00",
      "weekly son 03:00",
      "every 5m", "every 367d", "every", "0 3 * * *", "daily ٠٣:٠٠",
    ]
    for text in wrong { XCTAssertNil(BackupSchedule(text), text) }
  }

  func testTheFirstTime_AndWhatWasMissed_IsDueAtOnce() throws {
    let daily = try XCTUnwrap(BackupSchedule("daily 03:00"))
    XCTAssertEqual(daily.due(after: nil, now: now), now)
    XCTAssertEqual(daily.due(after: now - hours(50), now: now), now - hours(29), "two nights ago, and so at once")
    XCTAssertEqual(daily.due(after: now - hours(5), now: now), now + hours(19))
    XCTAssertEqual(daily.due(after: now - hours(6), now: now), now - hours(5))
    XCTAssertEqual(BackupSchedule("every 1h")?.due(after: now - hours(3), now: now), now - hours(2))
    XCTAssertNil(BackupSchedule.off.due(after: nil, now: now))
  }

  func testWeekly_KnowsItsDay() throws {
    for (day, offset) in [("thu", 0), ("fri", 1), ("sat", 2), ("sun", 3), ("mon", 4), ("tue", 5), ("wed", 6)] {
      let due = try XCTUnwrap(BackupSchedule("weekly \(day) 09:00")?.due(after: now, now: now))
      XCTAssertEqual(due, now + hours(Int64(offset) * 24 + 1), day)
    }
  }

  func testALastTimeThatIsStillToCome_CountsAsNone() throws {
    XCTAssertEqual(BackupSchedule("daily 03:00")?.due(after: now + hours(9000), now: now), now)
    XCTAssertEqual(BackupSchedule("every 1h")?.due(after: now + hours(1), now: now), now)
  }

  func testSettings_RefuseWhatIsNoSchedule_AndNoPlace() throws {
    for (name, value) in [("WONDER_BACKUP_SCHEDULE", "nightly"), ("WONDER_BACKUP_TO", "backups")] {
      XCTAssertThrowsError(try Settings(flags: [name: value])) { error in
        XCTAssertTrue("\(error)".contains("expected"), "\(error)")
      }
    }
  }
}
