package import Basics
import Conversion

/// What this server converts into what, and with which options; each dialect shows it in its own document.
package struct FormatList: Sendable {
  /// A format that can be read, and what can be made of it.
  package struct Source: Sendable {
    package let name: String
    package let title: String
    package let mediaType: String
    package let category: String
    package let aliases: [String]
    package let targets: [String]
  }

  private let catalogue: Catalogue

  init(catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// The media type of a format by its name or an alias.
  package func mediaType(of name: String) -> String { Format.named(name)?.mediaType ?? "application/octet-stream" }

  package var sources: [Source] {
    catalogue.sources.map { source in
      Source(
        name: source.name, title: source.title, mediaType: source.mediaType, category: source.category.rawValue,
        aliases: source.aliases, targets: catalogue.formats(from: source).map(\.name))
    }
  }

  /// The options with their values and defaults.
  package var options: [JSONValue] { ConversionOption.all.map(\.json) }
}
