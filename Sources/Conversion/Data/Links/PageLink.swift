/// Something that a page leads to.
struct PageLink {
  /// How many characters of a text are told.
  static let longestText = 200

  let address: String
  /// What a reader sees of it.
  var text: String
  let rel: [String]
  /// The element that it stands in.
  let kind: String

  /// Where the elements that lead somewhere say to what, with what a reader may see in place of it.
  static let kinds: [String: (address: String, text: String)] = [
    "a": ("href", "title"), "area": ("href", "alt"), "link": ("href", "title"), "iframe": ("src", "title"),
    "img": ("src", "alt"), "script": ("src", ""), "form": ("action", "name"), "source": ("src", "title"),
    "video": ("src", "title"), "audio": ("src", "title"),
  ]

  /// Elements with a list of pictures of different sizes.
  static let kindsWithSets: Set<String> = ["img", "source"]
}
