import Glibc

/// The signals that end the service or have it read its settings again, held back from every thread and taken by the main one.
struct Signals {
  private static let names = [SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP"]

  private var set = sigset_t()

  /// Must be made before any thread is, for threads inherit what is held back.
  init() {
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGHUP)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits for one of them and gives its name.
  func wait() -> String {
    var copy = set
    var signal: Int32 = 0
    sigwait(&copy, &signal)
    return Signals.names[signal] ?? "signal \(signal)"
  }

  /// Lets another SIGINT end the process at once.
  func release() {
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
  }
}
