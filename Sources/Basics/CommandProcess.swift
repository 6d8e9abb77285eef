package import Glibc

/// A program of others that is started by its words, as the server's user and with nothing of the server's but what it is
/// given: a launcher, or a tool of the system.
///
/// What reads clients' files is not started so, but confined.
package enum CommandProcess {
  /// Starts it in a session of its own; a name without a slash is looked for in PATH.
  ///
  /// Input is empty, and what is not given a descriptor goes nowhere.
  package static func start(
    _ words: [String], environment: [String], output: Int32? = nil, errors: Int32? = nil
  ) throws(SystemFailure) -> pid_t {
    guard let program = words.first else { throw SystemFailure("posix_spawn", "", code: EINVAL) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (target, given) in [(Int32(1), output), (2, errors)] {
      if let given {
        posix_spawn_file_actions_adddup2(&actions, given, target)
      } else {
        posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_WRONLY, 0)
      }
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of the server hold signals back, and ignore some.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // The last is POSIX_SPAWN_SETSID, which Swift does not see.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let code = posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw SystemFailure("posix_spawn", program, code: code) }
    return process
  }

  /// Waits for the end; gives the status of waitpid(2), and nil while it runs when it is not to be waited for.
  package static func end(of process: pid_t, waits: Bool = true) -> Int32? {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, waits ? 0 : WNOHANG)
      if ended < 0 && errno == EINTR { continue }
      return ended == process ? status : (ended < 0 ? 0 : nil)
    }
  }
}
