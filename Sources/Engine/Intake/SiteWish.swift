import Formats
package import Storage

/// What makes a batch of a whole web site: how its pages are found, and which of them count.
package struct SiteWish: Sendable, Equatable {
  package static let depths = 0...10
  package static let counts = 1...Intake.mostFiles
  package static let mostPatterns = 50
  /// Bytes of all patterns of one kind together.
  package static let longestPatterns = 4096

  package var mode: Site.Mode
  /// How many links a page may be away from the first one.
  package var depth = 3
  /// How many pages become jobs at most.
  package var pages = 100
  /// Patterns of which a page's address has to fit one, where there are any.
  package var include: [String] = []
  /// Patterns of which it may fit none.
  package var exclude: [String] = []
  /// True when what the site asks of crawlers is done.
  package var heedsRobots = true

  package init(mode: Site.Mode) {
    self.mode = mode
  }

  /// The pattern that stands for a regular expression.
  package static func pattern(ofExpression text: String) -> String { "~" + text }

  /// What is wrong with a regular expression, or nil.
  package static func problem(ofExpression text: String) -> String? {
    do throws(AddressExpression.Failure) { _ = try AddressExpression(text) } catch { return error.description }
    return nil
  }
}
