/// An option that a client got wrong: its name and what it may be, fit for the client.
package struct OptionFailure: Error, Equatable, CustomStringConvertible {
  package let option: String
  package let problem: String
  /// What is allowed, in words: "a whole number from 1 to 100".
  package let validValues: String

  package var description: String { "option \"\(option)\" \(problem); it must be \(validValues)" }
}
