import Glibc

extension ListenAddress {
  /// Throws `SystemFailure` when a server could not listen here, as EADDRINUSE; nothing stays open.
  package func checkIsFree() throws {
    for descriptor in try Listener.open(self, count: 1).descriptors { close(descriptor) }
  }
}
