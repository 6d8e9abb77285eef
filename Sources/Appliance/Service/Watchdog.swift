package import Basics

/// Gives the service manager its signs of life for as long as a look at the service finds it alive.
///
/// The look runs on the watchdog's own thread and may block: one that never returns gives no sign either, and that is
/// when the manager has to act.
package final class Watchdog: Sendable {
  private let bell = Doorbell()
  private let thread: ServiceThread

  /// Looks at once, and then twice in the time that the manager waits.
  package init(_ manager: ServiceManager, patience: Duration, log: Log, isAlive: @escaping @Sendable () -> Bool) throws
  {
    thread = try ServiceThread(trying: "watchdog") { [bell] in
      repeat {
        if isAlive() {
          manager.tellAlive()
        } else {
          log.error("the service is stuck; it gives no sign of life until it is well, or ended and started anew")
        }
        _ = bell.wait(timeout: .nanoseconds(patience.nanoseconds / 2))
      } while !bell.isClosed
    }
  }

  /// Ends the signs; returns when a look that is under way has ended.
  package func stop() {
    bell.close()
    thread.join()
  }
}
