import XCTest

@testable import Appliance

final class DescriptorSharesTests: XCTestCase {
  func testShares_NeverAddUpToMoreThanThereIs_AndNobodyGoesWithout() throws {
    for cores in [1, 2, 8, 64] {
      for wanted in [0, 1, 4, 32] {
        for hasMail in [false, true] {
          for limit in Array(16...1100) + [4096, 65_536] {
            guard
              let shares = try? DescriptorShares(limit: limit, wanted: wanted, cores: cores, hasMail: hasMail)
            else { continue }
            let own = 26 + 5 * cores + 3 * shares.blocking + 8 * (shares.workers + 1)
            let shared = shares.connections + shares.deliveries * (hasMail ? 2 : 1) + 2 * shares.downloads
            XCTAssertLessThanOrEqual(own + shared + 4, limit, "\(limit) \(cores) \(wanted)")
            XCTAssertGreaterThanOrEqual(min(shares.connections, shares.deliveries, shares.workers), 1)
            XCTAssertEqual(shares.workers, wanted > 0 ? wanted : shares.workers)
          }
        }
      }
    }
  }

  func testShares_OfTheUnitsLimit_AreWhatTheyAlwaysWere() throws {
    let shares = try DescriptorShares(limit: 65_536, wanted: 0, cores: 2, hasMail: true)
    XCTAssertEqual([shares.connections, shares.workers, shares.blocking, shares.deliveries], [20_000, 4, 8, 576])
    XCTAssertEqual(shares.downloads, 64)
  }

  func testShares_OfTooFew_SayHowManyAreNeeded() {
    XCTAssertThrowsError(try DescriptorShares(limit: 48, wanted: 4, cores: 2, hasMail: false)) { error in
      XCTAssertEqual(
        "\(error)",
        "48 open files are too few for 4 workers on 2 cores, which need 94; raise the limit (ulimit -n, LimitNOFILE= of the unit) or lower WONDER_WORKERS"
      )
    }
  }
}
