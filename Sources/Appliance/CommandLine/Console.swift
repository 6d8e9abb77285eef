import Basics
import Glibc
import Synchronization

/// Where a command writes: results to standard output, everything else to standard error.
///
/// What it writes holds names and answers of others, so nothing in it drives a terminal; JSON stays what it is.
package struct Console: Sendable {
  package let out: @Sendable (String) -> Void
  package let error: @Sendable (String) -> Void
  package let isTerminal: Bool
  /// The columns of the terminal that standard output is; nil where it is none.
  package let width: Int?
  /// Why something that was to be read by somebody is lost; nil while nothing is.
  let lost: @Sendable () -> String?

  /// Writes to standard error without ending the line, for what is drawn over itself on a terminal.
  package func draw(_ text: String) {
    Console.write(text, to: 2)
  }

  /// Makes room at the top of the terminal that standard output is; does nothing where it is none.
  func clear() {
    if isatty(1) == 1 { Console.write("\u{1B}[H\u{1B}[J", to: 1) }
  }

  package init(
    out: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void, isTerminal: Bool = false,
    width: Int? = nil, lost: @escaping @Sendable () -> String? = { nil }
  ) {
    self.out = { out(SystemText.shown(HiddenText.escaping($0, keepingLines: true))) }
    self.error = { error(SystemText.shown(HiddenText.escaping($0, keepingLines: true))) }
    self.isTerminal = isTerminal
    self.width = width
    self.lost = lost
  }

  /// The console of the process.
  package static var standard: Console {
    // Else the first file that is opened would be taken for what is closed.
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
    let failure = Atomic<Int32>(0)
    return Console(
      out: { if let code = Console.write($0 + "\n", to: 1) { failure.store(code, ordering: .relaxed) } },
      error: { Console.write($0 + "\n", to: 2) }, isTerminal: isatty(2) == 1, width: columns,
      lost: {
        let code = failure.load(ordering: .relaxed)
        // Who reads no further has what it wanted.
        return code == 0 || code == EPIPE ? nil : String(cString: strerror(code))
      })
  }

  private static var columns: Int? {
    var size = winsize()
    return isatty(1) == 1 && ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// Gives the error number where it fails.
  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return count < 0 ? errno : EIO }
      written += count
    }
    return nil
  }
}
