/// How a tool stands on this machine, as far as is known.
package struct ToolStanding: Sendable {
  package enum State: Sendable, Equatable {
    /// This program of it is not here.
    case missing(Program)
    /// Its programs have come, and it is tried before it is offered.
    case new
    /// Its programs are here, and it was not tried yet or cannot be.
    case untried
    /// It has made its sample in so long.
    case works(Duration)
    /// It has not, in a sentence and in its own last words.
    case broken(String, words: String)
  }

  package let tool: any ProgramMaker
  package let state: State

  /// True for what is offered.
  package var isOffered: Bool {
    switch state {
    case .untried, .works: true
    case .missing, .new, .broken: false
    }
  }
}
