import Basics
import CSystem

/// Looks whether the clock can be right: signatures of webhooks and the lifetimes of links and sessions need it.
enum ClockCheck {
  /// Before this the program did not exist, in seconds since 1970.
  private static let earliest: Int64 = 1_767_225_600

  static func finding(now: Timestamp, isSynchronized: Bool?) -> Finding {
    if now.seconds < earliest {
      return Finding(.broken, "clock", "it says \(now), which has passed; set it, or start a time service")
    }
    // A container often cannot be told, and its host's clock is then its own.
    if isSynchronized == false {
      return Finding(.warning, "clock", "\(now); the kernel knows of no time service; apt install systemd-timesyncd")
    }
    return Finding(.ok, "clock", "\(now)\(isSynchronized == true ? ", kept by a time service" : "")")
  }

  /// What the kernel says, or nil when it may not be asked.
  static func isSynchronized() -> Bool? {
    let answer = csystem_clock_is_kept()
    return answer < 0 ? nil : answer == 1
  }
}
