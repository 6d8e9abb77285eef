import Basics

/// Puts pictures of a document into its page, as far as they may be there.
struct DocumentPictures {
  private static let types: [(start: [UInt8], name: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "png"), ([0xFF, 0xD8, 0xFF], "jpeg"), (Array("GIF8".utf8), "gif"),
    (Array("RIFF".utf8), "webp"),
  ]

  private let parts: DocumentParts
  private let isEmbedding: Bool
  private var room: Int
  /// Parts that have been looked at and are none that can be shown.
  private var refused: Set<String> = []

  init(_ parts: DocumentParts, isEmbedding: Bool) {
    self.parts = parts
    self.isEmbedding = isEmbedding
    room = parts.limits.pictureBytes
  }

  /// Writes a picture, or what it is said to show.
  mutating func put(_ part: String?, description: String, to inline: inout InlineText) {
    let words = description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if let part, let address = address(of: part) {
      inline.putPicture(address, description: words)
    } else if !words.isEmpty {
      inline.put(words)
    }
  }

  private mutating func address(of part: String) -> String? {
    guard isEmbedding, room > 0, !refused.contains(part) else { return nil }
    // A picture that cannot be had is like one that is not there: its description stays.
    guard let bytes = try? parts.bytes(of: part, atMost: room),
      let type = Self.types.first(where: { bytes.starts(with: $0.start) })
    else {
      refused.insert(part)
      return nil
    }
    room -= bytes.count
    return "data:image/\(type.name);base64," + Base64.encode(bytes)
  }
}
