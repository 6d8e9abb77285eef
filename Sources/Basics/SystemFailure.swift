import Glibc

/// A system call that failed: which one, on what, and with which error number.
package struct SystemFailure: Error, CustomStringConvertible, Equatable {
  package let call: String
  package let subject: String
  package let code: Int32

  /// Takes the calling thread's `errno` unless a code is given.
  package init(_ call: String, _ subject: String = "", code: Int32 = errno) {
    self.call = call
    self.subject = subject
    self.code = code
  }

  package var description: String {
    let reason = String(cString: strerror(code))
    // It may be the name of a file, which may be anything.
    return subject.isEmpty ? "\(call): \(reason)" : "\(call) \(HiddenText.escaping(subject)): \(reason)"
  }

  /// True when a folder on the way is gone or is something else now, or may not be used any more.
  package var isOfPlace: Bool { [ENOENT, ENOTDIR, ELOOP, ESTALE, EXDEV, EACCES, EPERM].contains(code) }

  /// True when the system gives no more threads.
  package var isThreadShortage: Bool { call == "pthread_create" }

  /// True when the disk, a quota, memory, the descriptors or the processes are at fault, and trying again later makes sense.
  package var isShortage: Bool {
    isThreadShortage || [ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE, ENOMEM].contains(code)
  }
}

/// Repeats a system call while a signal interrupts it and throws its failure.
@discardableResult
package func check<Result: SignedInteger>(
  _ call: String, _ subject: @autoclosure () -> String = "", _ body: () -> Result
) throws(SystemFailure) -> Result {
  while true {
    let result = body()
    if result >= 0 { return result }
    let code = errno
    if code != EINTR { throw SystemFailure(call, subject(), code: code) }
  }
}
