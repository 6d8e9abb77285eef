import Basics
@testable import Conversion
@testable import Formats
@testable import Pictures
import Synchronization
import XCTest

final class BandsAheadTests: XCTestCase {
  private static let damage = ConversionFailure(.damagedFile, "a row is damaged")
  private static let full = ConversionFailure(.outputTooLarge, "the file is full")

  /// Rows that hold their number, up to one that cannot be read.
  private final class Rows: RowSource {
    let header = PictureHeader(width: 8, height: 1000, channels: 1)
    private let bad: Int
    private var done = 0

    init(bad: Int) { self.bad = bad }

    func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
      for index in 0..<count {
        guard done < bad else { throw BandsAheadTests.damage }
        for byte in 0..<8 { rows[index * 8 + byte] = UInt8(truncatingIfNeeded: done) }
        done += 1
      }
    }
  }

  /// Keeps the number of each row, up to one that does not fit.
  private final class Writer: PictureWriter {
    private(set) var rows: [UInt8] = []
    private let most: Int

    init(most: Int) { self.most = most }

    func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
      guard self.rows.count + count <= most else { throw BandsAheadTests.full }
      self.rows += (0..<count).map { rows[$0 * 8] }
    }

    func finish() throws(ConversionFailure) -> Int64 { Int64(rows.count) }
  }

  /// What comes of rows that fail at one place and a writer that fails at another.
  private func run(bad: Int, most: Int) throws -> (failure: ConversionFailure?, rows: [UInt8]) {
    let (rows, writer) = (Rows(bad: bad), Writer(most: most))
    var failure: ConversionFailure?
    do throws(ConversionFailure) {
      var done = 0
      guard let thread = try? SecondThread() else { return (nil, []) }
      let ahead = try RowsAhead(rows, PixelRows(rows: 1, bytesPerRow: 8), 0, for: writer, thread)
      while done < rows.header.height { done += try ahead.write() }
      ahead.end()
    } catch {
      failure = error
    }
    return (failure, writer.rows)
  }

  func testRows_ArriveInTheirOrder() throws {
    let result = try run(bad: .max, most: .max)
    XCTAssertNil(result.failure)
    XCTAssertEqual(result.rows, (0..<1000).map { UInt8(truncatingIfNeeded: $0) })
  }

  func testFailures_ComeAsIfRowsWereReadAndWrittenInTurn() throws {
    for bad in [0, 31, 32, 100, 500, 999] {
      for most in [0, 31, 96, 480, 999, .max] {
        let result = try run(bad: bad, most: most)
        // A band is read as a whole before it is written.
        let (unreadable, unwritable) = (bad / 32, most == .max ? .max : most / 32)
        XCTAssertEqual(
          result.failure, unwritable < unreadable ? BandsAheadTests.full : BandsAheadTests.damage, "\(bad) \(most)")
        XCTAssertEqual(result.rows.count, min(unreadable, unwritable) * 32, "\(bad) \(most)")
      }
    }
  }

  func testBands_ThatNobodyTakes_AreLeft() throws {
    let thread = try SecondThread()
    let made = Mutex(0)
    for taken in 0..<8 {
      made.withLock { $0 = 0 }
      let ahead = try BandsAhead(thread, rows: 100_000, bandRows: 32, bandBytes: 32) {
        (count, _) throws(ConversionFailure) in
        made.withLock { $0 += count }
        return 0
      }
      for _ in 0..<taken { XCTAssertEqual(try ahead.next()?.count, 32) }
      ahead.end()
      XCTAssertLessThanOrEqual(made.withLock(\.self), (taken + BandRing.bandCount) * 32)
    }
    XCTAssertEqual(thread.run { 7 }, 7)
  }

  func testBands_ThatCannotBeMade_EndThem() throws {
    let thread = try SecondThread()
    let ahead = try BandsAhead(thread, rows: 1000, bandRows: 32, bandBytes: 32) { (_, _) throws(ConversionFailure) in
      nil
    }
    XCTAssertNil(try ahead.next())
    XCTAssertNil(try ahead.next())
    ahead.end()
  }

  func testSecondThread_DoesOnePieceOfWorkAfterTheOther() throws {
    let thread = try SecondThread()
    let own = UInt(bitPattern: pthread_self().hashValue)
    for number in 0..<100 {
      let answer = thread.run { [number, UInt(bitPattern: pthread_self().hashValue) == own ? 1 : 0] }
      XCTAssertEqual(answer, [number, 0])
    }
  }
}
