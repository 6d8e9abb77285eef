import Basics
import Formats
import Glibc

/// A process of this program, such as `wonder worker`, as the server sees it.
struct ZygoteProcess: Sendable {
  let process: Int32
  let control: Channel

  /// True when the process is dead and only has to be reaped.
  var hasEnded: Bool {
    var facts = siginfo_t()
    guard waitid(P_PID, id_t(process), &facts, WEXITED | WNOHANG | WNOWAIT) == 0 else { return true }
    // Zero, as before the call, when there is nothing to tell (waitid(2)).
    return facts.si_signo != 0
  }

  /// Ends the process at once; its children die with it.
  func kill() {
    Glibc.kill(process, SIGKILL)
    reap()
  }

  /// Lets the process end its children and itself; kills it when it does not do so within two seconds.
  func end() {
    shutdown(control.descriptor, Int32(SHUT_WR))
    let deadline = Clock.readMonotonic() + 2_000_000_000
    while Clock.readMonotonic() < deadline {
      guard let isReady = try? Channel.wait(for: [control], milliseconds: 100) else { break }
      if isReady[0], case .end? = try? control.receive() { return reap() }
    }
    kill()
  }

  private func reap() {
    // Nothing to report: a process that somebody else has reaped is gone just as well.
    _ = try? check("waitpid") { waitpid(process, nil, 0) }
  }
}
