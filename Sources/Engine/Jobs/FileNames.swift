import Basics
package import Formats

/// Names of files as people see them; they are labels, and never reach the disk.
package enum FileNames {
  /// A file system's usual limit, in bytes.
  static let longest = 255

  private static let devices: Set<String> = Set(
    ["CON", "PRN", "AUX", "NUL"]
      + ["1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"].flatMap { ["COM\($0)", "LPT\($0)"] })

  /// A client's name made harmless on every system: the last part of a path, no controls, no reserved names.
  ///
  /// One that is too long loses its middle, and keeps its ending.
  package static func clean(_ name: String) -> String {
    // More than fits is not looked at: names come by the thousand, and each may be as long as a line of a form.
    let part = lastPart(of: name)
    let kept = part.unicodeScalars.lazy.filter { !isForbidden($0) }.prefix(4 * longest)
    let text = trimmed(String(String.UnicodeScalarView(kept)).drop { $0 == "." || $0.isWhitespace })
    let stem = trimmed(text.prefix { $0 != "." }).uppercased()
    let name = devices.contains(stem) ? "_" + text : String(text)
    if name.utf8.count > longest {
      let ending = ending(of: part)
      return trimmed(shortened(name, to: longest - ending.utf8.count)[...]) + ending
    }
    return name.isEmpty ? "file" : name
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let end = text.last, end.isWhitespace || end == "." { text.removeLast() }
    return text
  }

  /// The dot and the few letters or digits that end a name; nothing when it ends with something else.
  private static func ending(of name: Substring) -> String {
    let ending = name.utf8.suffix(16)
    guard let dot = ending.lastIndex(of: 0x2E) else { return "" }
    let letters = name[ending.index(after: dot)...]
    guard !letters.isEmpty,
      letters.utf8.allSatisfy({ $0 < 0x80 && ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39) })
    else { return "" }
    return "." + letters
  }

  /// What follows the last separator that is not at the end.
  private static func lastPart(of path: String) -> Substring {
    let bytes = path.utf8
    func isSeparator(_ byte: UInt8) -> Bool { byte == 0x2F || byte == 0x5C }
    guard let last = bytes.lastIndex(where: { !isSeparator($0) }) else { return "" }
    let start = bytes[..<last].lastIndex(where: isSeparator).map(bytes.index(after:)) ?? bytes.startIndex
    return path[start..<bytes.index(after: last)]
  }

  /// The last part of an address's path, for a file that comes without a name.
  package static func last(of address: String) -> String {
    let path = address.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "?" && $0 != "#" }
    guard let slash = path.firstIndex(of: "/") else { return "" }
    return PercentEncoding.decode((path[slash...].split(separator: "/").last ?? "").utf8) ?? ""
  }

  /// The name of the file that holds a page's address: its host and path, so that pages of one site are told apart.
  package static func page(at address: String) -> String {
    let place = address.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "?" && $0 != "#" }
    let parts = place.split(separator: "/").map { PercentEncoding.decode($0.utf8) ?? String($0) }
    let name = clean(String(parts.joined(separator: "-").map { $0 == ":" ? "-" : $0 }))
    return shortened(name, to: longest - 4) + ".url"
  }

  /// The same name, with the longer ending of a JPEG.
  static func longEnding(_ name: String) -> String {
    name.hasSuffix(".jpg") ? shortened(String(name.dropLast(4)), to: longest - 5) + ".jpeg" : name
  }

  /// A name in two: up to its last dot, and from there, or nothing.
  package static func split(_ name: String) -> (stem: Substring, ending: Substring) {
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    return (name[..<dot], name[dot...])
  }

  /// The name of an input with the ending of the target format.
  package static func output(for input: String, fileExtension: String) -> String {
    let stem = stem(input)
    return shortened(stem, to: longest - fileExtension.utf8.count - 1) + "." + fileExtension
  }

  /// The same for a format: what is only compressed keeps its own ending before that of the target.
  package static func output(for input: String, as target: Format) -> String {
    guard target == .gz else {
      let plain = input.lowercased().hasSuffix(".tar.gz") ? String(input.dropLast(3)) : input
      return output(for: plain, fileExtension: target.fileExtension)
    }
    return shortened(input, to: longest - 3) + ".gz"
  }

  /// The name of a file that was in another one: its own without folders, or what is left of the other's.
  package static func part(_ name: String?, of input: String, as format: Format?) -> String {
    if let name { return clean(name) }
    let stem = stem(input)
    if stem.contains(".") && stem != input { return stem }
    return output(for: stem + ".", fileExtension: format?.fileExtension ?? Format.files.fileExtension)
  }

  /// A name with what tells it from the others of its source before its ending.
  static func labelled(_ name: String, _ label: String) -> String {
    let whole = stem(name)
    let ending = name.dropFirst(whole.count)
    return shortened(whole, to: longest - 1 - label.utf8.count - ending.utf8.count) + "-\(label)" + ending
  }

  /// The names in their order, with a number before the ending where two would be alike whatever the case.
  package static func numbered(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    /// The next number to try, by what stands around it: a name that is there tries none of them twice, and each number
    /// that is found taken belongs to one name only.
    var next: [String: Int] = [:]
    return names.map { name in
      if taken.insert(name.lowercased()).inserted { return name }
      let whole = stem(name)
      let ending = name.dropFirst(whole.count)
      let stem = shortened(whole, to: longest - 8 - ending.utf8.count)
      let place = "\(stem)/\(ending)".lowercased()
      var number = next[place, default: 2]
      while !taken.insert("\(stem)-\(number)\(ending)".lowercased()).inserted { number += 1 }
      next[place] = number + 1
      return "\(stem)-\(number)\(ending)"
    }
  }

  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  private static func shortened(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    // By scalars, for one character may be a letter with any number of marks.
    var scalars = text.unicodeScalars
    var count = text.utf8.count
    while count > limit, let last = scalars.popLast() { count -= UTF8.width(last) }
    return String(scalars)
  }

  /// What is not to be seen, what no text has, and what Windows or a shell would take for more than a letter.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    HiddenText.isHidden(scalar) || [0xFFFE, 0xFFFF].contains(scalar.value) || "<>:\"|?*".unicodeScalars.contains(scalar)
  }
}
