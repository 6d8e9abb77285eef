/// A file format: how clients name it, what HTTP calls it and which ending its files get.
package struct Format: Sendable, Hashable, CustomStringConvertible {
  package enum Category: String, Sendable, CaseIterable {
    case image, document, audio, video, archive, other
  }

  package let name: String
  /// Other names that mean the same format.
  package let aliases: [String]
  package let mediaType: String
  package let fileExtension: String
  package let category: Category
  /// How a sentence calls it, for example "PNG".
  package let title: String

  package static let png = Format(
    name: "png", aliases: [], mediaType: "image/png", fileExtension: "png", category: .image, title: "PNG")
  package static let jpeg = Format(
    name: "jpeg", aliases: ["jpg", "jpe", "jfif"], mediaType: "image/jpeg", fileExtension: "jpg", category: .image,
    title: "JPEG")

  /// Every format that can be read or written here.
  package static let all = [png, jpeg]

  /// The format of a name, an alias or a file ending, in any case and with or without a leading dot; else nil.
  package static func named(_ text: String) -> Format? {
    let name = (text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()
    return all.first { $0.name == name || $0.aliases.contains(name) }
  }

  package var description: String { name }
}
