import Basics

/// Holds up whoever waits until it is opened.
package final class Gate: Sendable {
  private let bell = Doorbell()

  package init() {}

  package func wait() { _ = bell.wait() }
  package func open() { bell.close() }
}
