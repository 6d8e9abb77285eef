import Basics
import XCTest

@testable import HTTP

final class ServerLimitsTests: XCTestCase {
  func testSettings_Unset_GiveTheDefaults() throws {
    XCTAssertEqual(values(ServerLimits(try Settings())), values(ServerLimits()))
  }

  func testSettings_EachOne_ChangesOneLimit() throws {
    for setting in Setting.http where setting.name != Setting.trustedProxies.name {
      let value: String =
        switch setting.form {
        case .span: "7s"
        case .size: "777"
        default: "77"
        }
      let changed = values(ServerLimits(try Settings(flags: [setting.name: value])))
      let different = zip(changed, values(ServerLimits())).filter { $0 != $1 }
      XCTAssertEqual(different.count, 1, setting.name)
    }
    XCTAssertEqual(Setting.http.count - 1, values(ServerLimits()).count)
  }

  func testLeastInWindow_IsRateTimesTime() {
    var limits = ServerLimits()
    XCTAssertEqual(limits.leastInWindow, 10_240)
    limits.leastRate = .max
    XCTAssertEqual(limits.leastInWindow, .max)
  }

  /// Every stored limit with its name, those of forms included.
  private func values(_ limits: ServerLimits) -> [String] {
    [Mirror(reflecting: limits), Mirror(reflecting: limits.form)].flatMap(\.children)
      .filter { !($0.value is MultipartLimits) }.map { "\($0.label ?? "")=\($0.value)" }
  }
}
