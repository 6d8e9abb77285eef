/// Reads XML as objects, arrays and strings, by the conventions of xmltodict.
///
/// An element is null, its text, or an object of its attributes (`@name`), its children by name, and its text
/// (`#text`); children of one name that repeat are an array where the first one stands. Text loses the white space at
/// its ends; comments and instructions are left out. A document is read twice, first for which children repeat, so
/// that its values can be told while it is read; only elements whose children of one name stand apart are held,
/// packed, within `limits.bytes`.
package struct XMLReader: DataReader {
  package struct Options: Sendable {
    /// What stands before the name of an attribute.
    package var attributePrefix = "@"
    /// The name of the text beside attributes or children.
    package var textName = "#text"
    /// The root that is left out, and told is only what it holds; nil leaves out none.
    package var rootName: String? = "root"
    /// The children of such a root that are left out too, where it has nothing else.
    package var itemName: String? = "item"

    package init() {}

    /// True where no attribute or text can have the name of a child or of each other.
    var areDistinct: Bool {
      func isApart(_ text: String) -> Bool {
        text.unicodeScalars.first.map { !XMLCharacters.isNameStart($0.value) } ?? false
      }
      return isApart(attributePrefix) && isApart(textName) && !textName.utf8.starts(with: attributePrefix.utf8)
    }
  }

  private let limits: DataLimits
  private let options: Options

  package init(limits: DataLimits = DataLimits(), options: Options = Options()) {
    self.limits = limits
    self.options = options
  }

  package func read(_ feed: ByteFeed, into sink: inout some DataSink) throws {
    var bounds = XMLLimits()
    bounds.depth = limits.depth
    bounds.bytes = limits.token
    let survey = try survey(XMLScanner(feed, limits: bounds, entities: [:]))
    feed.rewind()
    var scanner = XMLScanner(feed, limits: bounds, entities: [:])
    var teller = XMLTeller(survey, options: options, limits: limits)
    while let token = try scanner.advance() {
      switch token {
      case .start: try teller.start(scanner, &sink)
      case .end: try teller.end(&sink)
      case .text, .cdata: try teller.add(scanner.text)
      case .comment, .instruction, .doctype: continue
      }
    }
  }

  private func survey(_ scanner: consuming XMLScanner) throws -> XMLSurvey {
    var survey = XMLSurvey(options: options)
    while let token = try scanner.advance() {
      switch token {
      case .start: survey.start(scanner)
      case .end: survey.end()
      case .text, .cdata: survey.add(scanner.text)
      case .comment, .instruction, .doctype: continue
      }
    }
    return survey
  }
}
