package import Basics
import Conversion

/// What this server converts into what, and with which options, as one document for every dialect that shows it.
package struct FormatList: Sendable {
  private let catalogue: Catalogue

  init(catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// The media type of a format by its name or an alias.
  package func mediaType(of name: String) -> String { Format.named(name)?.mediaType ?? "application/octet-stream" }

  /// The pairs by what they are made of, and the options with their values and defaults.
  package var document: JSONValue {
    let formats = catalogue.sources.map { source in
      JSONValue.object([
        ("from", .string(source.name)), ("title", .string(source.title)), ("media_type", .string(source.mediaType)),
        ("category", .string(source.category.rawValue)),
        ("aliases", .array(source.aliases.map(JSONValue.string))),
        ("to", .array(catalogue.formats(from: source).map { .string($0.name) })),
      ])
    }
    return .object([
      ("status", .integer(200)), ("formats", .array(formats)), ("options", .array(ConversionOption.all.map(\.json))),
    ])
  }
}
