package import Basics
package import Formats

extension OptionList {
  /// What the makers of this program understand, whether their programs are here or not.
  package static let standard = OptionList(Makers.all.flatMap(\.offers).flatMap(\.options))
}

extension ConversionOption {
  /// What some maker understands, in the order of the names.
  package static var all: [ConversionOption] { OptionList.standard.all }
}

extension ConversionOptions {
  /// Reads options as text, among all that some maker understands.
  package init(_ texts: [String: String]) throws(OptionFailure) { try self.init(texts, among: .standard) }

  /// Reads a JSON object, among all that some maker understands.
  package init(_ document: JSONValue) throws(OptionFailure) { try self.init(document, among: .standard) }
}
