/// What can be asked of the reading of a document.
package struct DocumentOptions: Sendable {
  /// Puts pictures into the page, as `data:` addresses; else only what they are said to show.
  package var embedsPictures = false
  /// Reads slides and sheets that the document hides.
  package var showsHidden = false
  /// Reads the notes of slides.
  package var showsNotes = true

  package init() {}
}
