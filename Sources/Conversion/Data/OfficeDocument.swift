import Archives
import DataFormats
import Documents
import Formats

/// An office document that is to be read, whatever its format.
struct OfficeDocument {
  let kind: DocumentKind
  let parts: DocumentParts
  let archive: ZIPReader

  var reader: DocumentReader { DocumentReader(kind, parts) }

  init(_ conversion: Conversion, _ file: Int32) throws {
    guard let kind = conversion.from.flatMap({ DocumentKind(rawValue: $0.name) }) else {
      throw ConversionFailure(.unsupportedConversion, "the file is no office document")
    }
    self.kind = kind
    archive = try ZIPReader(descriptor: file)
    parts = DocumentParts(archive)
  }

  /// What was asked for of the text.
  static func options(_ options: ConversionOptions, embedsPictures: Bool = false) -> DocumentOptions {
    var wishes = DocumentOptions()
    wishes.embedsPictures = embedsPictures
    wishes.showsHidden = options.flag(DocumentConverter.hidden)
    wishes.showsNotes = options.flag(DocumentConverter.notes)
    return wishes
  }

  /// Which sheets were asked for; nil for none in particular.
  static func sheet(_ options: ConversionOptions) -> SheetChoice? {
    options.word(.sheet).map { $0 == "all" ? .all : .one($0) }
  }

  static func failure(_ error: any Error, _ conversion: Conversion) -> ConversionFailure {
    let title = conversion.from?.title ?? "office document"
    switch error {
    case is DocumentLocked:
      return ConversionFailure(.passwordRequired, "the document is protected by a password")
    case is ArchiveFault: return OpenArchive.failure(error, title)
    default: return DataConverter.failure(error, title, conversion.to.title)
    }
  }
}
