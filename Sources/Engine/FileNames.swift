import Basics

/// Names of files as people see them; they are labels, and never reach the disk.
package enum FileNames {
  /// A file system's usual limit, in bytes.
  static let longest = 255

  private static let devices: Set<String> = Set(
    ["CON", "PRN", "AUX", "NUL"] + (1...9).flatMap { ["COM\($0)", "LPT\($0)"] })

  /// A client's name made harmless on every system: the last part of a path, no controls, no reserved names.
  package static func clean(_ name: String) -> String {
    // More than fits is not looked at: names come by the thousand, and each may be as long as a line of a form.
    let kept = lastPart(of: name).unicodeScalars.lazy.filter { !isForbidden($0) }.prefix(4 * longest)
    var text = String(String.UnicodeScalarView(kept)).drop { $0 == "." || $0.isWhitespace }
    while let end = text.last, end.isWhitespace || end == "." { text.removeLast() }
    let stem = text.prefix { $0 != "." }.uppercased()
    let name = shortened(devices.contains(stem) ? "_" + text : String(text), to: longest)
    return name.isEmpty ? "file" : name
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

  /// The name of an input with the ending of the target format.
  package static func output(for input: String, fileExtension: String) -> String {
    let stem = stem(input)
    return shortened(stem, to: longest - fileExtension.utf8.count - 1) + "." + fileExtension
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

  /// Controls, bidirectional marks, and what Windows or a shell would take for more than a letter.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: "<>:\"|?*".unicodeScalars.contains(scalar)
    }
  }
}
