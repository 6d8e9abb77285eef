/// The named character references of HTML, for readers of XHTML.
package enum CharacterNames {
  /// What each name stands for.
  package static let texts = CharacterReferences.all.texts
}
