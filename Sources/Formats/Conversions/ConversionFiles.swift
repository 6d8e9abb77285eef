/// The open files of one conversion; whoever made them closes them.
///
/// Sources and overlay are readable, the output readable and writable, all of them seekable regular files.
package struct ConversionFiles: Sendable {
  /// No more go into one output: the kernel passes at most 253 descriptors in a message.
  package static let mostSources = 200

  package var sources: [Int32]
  /// A picture to lay over each picture that is written.
  package var overlay: Int32?
  package var output: Int32

  package init(sources: [Int32], overlay: Int32? = nil, output: Int32) {
    self.sources = sources
    self.overlay = overlay
    self.output = output
  }

  /// In the order in which they go to a child.
  package var descriptors: [Int32] { sources + (overlay.map { [$0] } ?? []) + [output] }

  /// Takes apart what a child has received; nil when it is too few or too many.
  package init?(_ descriptors: [Int32], hasOverlay: Bool) {
    let sources = descriptors.count - (hasOverlay ? 2 : 1)
    guard (1...ConversionFiles.mostSources).contains(sources), let output = descriptors.last else { return nil }
    self.init(
      sources: Array(descriptors[..<sources]), overlay: hasOverlay ? descriptors[sources] : nil, output: output)
  }
}
