package import Formats

/// What is done with pages beside the browser, in a decoder's child.
package struct PageSteps: Sendable {
  /// How an archive is taken apart that has a page in it.
  package let unpacking: Step?
  /// How it is told what a page leads to.
  package let linking: Step?

  package init(unpacking: Step?, linking: Step?) {
    self.unpacking = unpacking
    self.linking = linking
  }
}
