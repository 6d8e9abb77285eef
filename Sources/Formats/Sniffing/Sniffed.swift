/// What a file may be by its bytes, whatever its name or a client says.
package struct Sniffed: Sendable, Equatable {
  /// A short name; that of a `Format` when it is one.
  package let name: String
  /// Words that complete "the file is …".
  package let description: String
  /// The formats that it may be, the likeliest first; none for what is not known here.
  package let candidates: [Format]
  /// The formats that it is never taken for, but may be when its name or a client says so.
  private let whenSaid: [Format]

  init(name: String, description: String, candidates: [Format], whenSaid: [Format] = []) {
    self.name = name
    self.description = description
    self.candidates = candidates
    self.whenSaid = whenSaid
  }

  /// One that is exactly the format of this name, or none that is known here.
  init(name: String, description: String) {
    self.init(name: name, description: description, candidates: Format.all.filter { $0.name == name })
  }

  /// What it is when nobody says more.
  package var best: Format? { candidates.first }

  /// A file without bytes, which only somebody can say is a document that says nothing: an empty table, or null.
  static let nothing = Sniffed(name: "empty", description: "empty", candidates: [], whenSaid: [.toml, .yaml])

  /// A file that only somebody's word makes one of these, if anything.
  static func unknown(whenSaid formats: [Format] = []) -> Sniffed {
    Sniffed(name: "unknown", description: "of an unknown type", candidates: [], whenSaid: formats)
  }

  /// The format when its bytes say it; nil for text of any kind.
  package var certain: Format? { best?.name == name ? best : nil }

  /// The name of a document that its password alone opens, whatever kind it is.
  static let locked = "encrypted"

  /// True when nobody can look inside without a password.
  package var isLocked: Bool { name == Sniffed.locked }

  /// True when somebody's word is needed to say which format it is.
  package var isOpen: Bool { candidates.count + whenSaid.count > 1 }

  package func may(be format: Format) -> Bool { candidates.contains(format) || whenSaid.contains(format) }

  /// What it is when it has come with a name, whose ending decides between what it may be.
  package func best(named name: String) -> Format? {
    if name.lowercased().hasSuffix(".tar.gz"), may(be: .tgz) { return .tgz }
    guard isOpen, let dot = name.lastIndex(of: "."), let named = Format.named(String(name[dot...])),
      may(be: named)
    else { return best }
    return named
  }
}
