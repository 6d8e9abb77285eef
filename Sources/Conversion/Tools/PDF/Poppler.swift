import Basics
import Formats

/// The programs of Poppler, and how they fail.
enum Poppler {
  static let pictures = Program("pdftoppm", package: package)
  static let drawings = Program("pdftocairo", package: package)
  static let printing = Program("pdftops", package: package)
  static let text = Program("pdftotext", package: package)
  static let page = Program("pdftohtml", package: package)
  static let facts = Program("pdfinfo", package: package)
  static let fonts = Program("pdffonts", package: package)
  static let images = Program("pdfimages", package: package)

  private static let package = "poppler-utils"
  /// The file that holds what pdfinfo has printed.
  static let told = "info"

  /// Prints what there is to know of a document and of its first pages.
  static func look(at document: String) -> ToolCall {
    ToolCall(facts, arguments: ["-isodates", "-f", "1", "-l", "\(DocumentFacts.mostPages)", document], printed: told)
  }

  /// Throws what a client is told of a call that has failed.
  static func check(_ end: ToolEnd) throws(ConversionFailure) {
    guard end.code != 0 else { return }
    if end.words.contains("Incorrect password") { throw .lockedDocument }
    if end.words.contains("Out of memory") || end.words.contains("bad_alloc") { throw .outOfMemory }
    throw ConversionFailure(.damagedFile, "the document is damaged, or not one that Poppler reads")
  }
}
