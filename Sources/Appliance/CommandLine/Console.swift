import Basics
import Glibc

/// Where a command writes: results to standard output, everything else to standard error.
///
/// What it writes holds names and answers of others, so nothing in it drives a terminal; JSON stays what it is.
package struct Console: Sendable {
  package let out: @Sendable (String) -> Void
  package let error: @Sendable (String) -> Void
  package let isTerminal: Bool

  /// Writes to standard error without ending the line, for what is drawn over itself on a terminal.
  package func draw(_ text: String) {
    Console.write(text, to: 2)
  }

  /// Makes room at the top of the terminal that standard output is; does nothing where it is none.
  func clear() {
    if isatty(1) == 1 { Console.write("\u{1B}[H\u{1B}[J", to: 1) }
  }

  package init(
    out: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void, isTerminal: Bool = false
  ) {
    self.out = { out(SystemText.shown(HiddenText.escaping($0, keepingLines: true))) }
    self.error = { error(SystemText.shown(HiddenText.escaping($0, keepingLines: true))) }
    self.isTerminal = isTerminal
  }

  /// The console of the process.
  package static let standard = Console(
    out: { Console.write($0 + "\n", to: 1) }, error: { Console.write($0 + "\n", to: 2) }, isTerminal: isatty(2) == 1)

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count <= 0 { return }
      written += count
    }
  }
}
