import Basics

/// One of several files that a converter writes one behind the other into its output, with a list of them behind the last.
package struct FilePart: Sendable, Equatable {
  /// No conversion gives more.
  package static let most = 1000
  /// What the list of them has at most.
  package static let mostListBytes = 4 << 20
  /// Bytes of a whole name, of a part of it, and how many parts it has.
  private static let longest = (name: 1024, part: 255, parts: 64)

  /// Where it stood in the file that it comes from, with "/" between the parts; nil where that has no name for it.
  package let name: String?
  /// Nil for what is not known here.
  package let format: Format?
  package let size: Int64

  package init(name: String?, format: Format?, size: Int64) {
    self.name = name
    self.format = format
    self.size = size
  }

  /// True for a name that leads to a file below wherever it is put: relative, without parts that lead up, without controls.
  package static func isSafe(_ name: String) -> Bool {
    guard name.utf8.count <= longest.name else { return false }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= longest.parts
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.utf8.count <= longest.part
          // Other systems take the second for what separates folders.
          && part.unicodeScalars.allSatisfy { !HiddenText.isControl($0) && $0 != "\\" }
      }
  }

  /// A list as it stands in the output.
  package static func text(_ parts: [FilePart]) -> String {
    JSONValue.array(
      parts.map { part in
        .object([
          ("name", part.name.map(JSONValue.string) ?? .null),
          ("format", part.format.map { .string($0.name) } ?? .null), ("size", .integer(part.size)),
        ])
      }
    ).text
  }

  /// Reads what `text` makes, which a child may have written that its input has taken over; nil when anything of it is not
  /// as it should be.
  package static func list(_ bytes: [UInt8]) -> [FilePart]? {
    guard bytes.count <= mostListBytes, let items = try? JSONReader.parse(bytes).array,
      (1...most).contains(items.count)
    else { return nil }
    var parts: [FilePart] = []
    for item in items {
      let (name, format) = (item["name"]?.string, item["format"]?.string.flatMap(Format.named))
      guard let size = item["size"]?.integer, size >= 0, name.map(isSafe) ?? true else { return nil }
      parts.append(FilePart(name: name, format: format, size: size))
    }
    return parts
  }
}
