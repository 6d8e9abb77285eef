/// How HTML is written as Markdown or plain text.
package struct HTMLWriterOptions: Sendable {
  /// Whether what stands in `nav` and `footer`, or has the role of navigation, is left out.
  package var leavesOutNavigation = false
  /// Whether plain text has each link's address behind its text.
  package var showsAddresses = false

  package init() {}
}
