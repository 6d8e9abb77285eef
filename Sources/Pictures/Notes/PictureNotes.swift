import Formats

/// What people and programs wrote into a picture file beside EXIF: XMP, IPTC and texts.
struct PictureNotes: Equatable {
  struct Text: Equatable {
    /// A keyword as PNG has them; JPEG's comments are "Comment".
    let name: String
    let text: String
  }

  static let mostTexts = 100
  /// More than the longest segment of a JPEG, as long as the longest chunk of a PNG that is read here.
  static let mostBytes = 1 << 20

  /// A packet of XMP (ISO 16684-1).
  var xmp: [UInt8]?
  /// Data sets of IPTC's Information Interchange Model.
  var iptc: [UInt8]?
  var texts: [Text] = []

  var isEmpty: Bool { self == PictureNotes() }

  /// Only what tells whose the picture is.
  var copyright: PictureNotes {
    PictureNotes(
      xmp: xmp.flatMap { XMP.copyright(of: $0) }, iptc: iptc.flatMap { IPTC.copyright(of: $0) },
      texts: texts.filter { ["Copyright", "Author"].contains($0.name) })
  }

  /// The same for a picture that has been turned upright.
  var upright: PictureNotes {
    PictureNotes(xmp: xmp.map { XMP.upright($0) }, iptc: iptc, texts: texts)
  }

  /// Bytes as text: UTF-8 where they are, else Latin-1.
  static func text(_ bytes: some Collection<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self) ?? latin(bytes)
  }

  static func latin(_ bytes: some Collection<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
