import Glibc

/// The signals that end the service, held back from every thread and taken by the main one.
struct Signals {
  private var set = sigset_t()

  /// Must be made before any thread is, for threads inherit what is held back.
  init() {
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits for one of them and gives its name.
  func wait() -> String {
    var copy = set
    var signal: Int32 = 0
    sigwait(&copy, &signal)
    return signal == SIGTERM ? "SIGTERM" : "SIGINT"
  }
}
