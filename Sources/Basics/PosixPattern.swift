import Glibc

/// An extended regular expression of POSIX.1-2017 (XBD 9.4) over bytes, as the C library matches it: without what the
/// standard library's own kind would add to the program, a megabyte.
///
/// `@unchecked Sendable`: it holds a `regex_t`, which `regexec` locks for itself.
package final class PosixPattern: @unchecked Sendable {
  private var compiled = regex_t()

  /// Nil for what is no expression, and for one with a NUL.
  package init?(_ expression: String) {
    guard !expression.utf8.contains(0), regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB) == 0 else {
      return nil
    }
  }

  deinit { regfree(&compiled) }

  /// Whether any part of the text matches, or, with anchors, all of it.
  package func matches(_ text: String) -> Bool {
    // Told where it ends, because a NUL would end it for the C library.
    var place = regmatch_t(rm_so: 0, rm_eo: regoff_t(clamping: text.utf8.count))
    return regexec(&compiled, text, 1, &place, REG_STARTEND) == 0
  }

  /// Whether all of the text matches; the expression stands in the code, so a wrong one matches nothing in any test.
  package static func isMatched(_ expression: StaticString, by text: String) -> Bool {
    PosixPattern("^(\(expression))$")?.matches(text) ?? false
  }
}
