import Basics
import Conversion
import Storage

/// The rules of a watched folder, as lines of a file: `PATTERN -> FORMAT OPTION=VALUE…`, and `preset NAME OPTION=VALUE…`
/// for options that `preset=NAME` brings into several rules.
///
/// Blank lines and those that begin with # say nothing; a word with blanks stands in quotes. The first rule that fits counts.
struct WatchRules: Sendable {
  private static let largest = 1 << 20

  private let rules: [WatchRule]

  /// One rule for every file.
  init(to target: String, _ options: [String: String], _ machine: MachineCatalogue) throws {
    rules = [try WatchRule("*", to: target, options, machine)]
  }

  /// Throws `UsageFailure` with the line that is wrong, and `SystemFailure` for a file that cannot be read.
  init(file path: String, _ machine: MachineCatalogue) throws {
    let text = SystemText.text(bytes: try FileBytes.read(path, atMost: WatchRules.largest))
    var presets: [String: [String: String]] = [:]
    var rules: [WatchRule] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do {
        let words = try WatchRules.words(of: line)
        guard let first = words.first else { continue }
        if first == "preset", words.count > 1, words[1] != "->" {
          presets[words[1]] = try WatchRules.options(words.dropFirst(2), presets)
        } else if words.count > 2, words[1] == "->" {
          rules.append(
            try WatchRule(first, to: words[2], try WatchRules.options(words.dropFirst(3), presets), machine))
        } else {
          throw UsageFailure("it must be PATTERN -> FORMAT OPTION=VALUE... or preset NAME OPTION=VALUE...")
        }
      } catch let failure as UsageFailure {
        throw UsageFailure("\(path), line \(index + 1): \(failure)")
      }
    }
    guard !rules.isEmpty else { throw UsageFailure("\(path) has no rule, such as *.heic -> jpg quality=80") }
    self.rules = rules
  }

  /// The first that fits; nil for a file that is nobody's.
  func rule(for name: String) -> WatchRule? { rules.first { $0.fits(name) } }

  private static func options(
    _ words: ArraySlice<String>, _ presets: [String: [String: String]]
  ) throws -> [String: String] {
    var own: [String: String] = [:]
    for word in words {
      guard let equals = word.firstIndex(of: "=") else { throw UsageFailure("\(word) is not OPTION=VALUE") }
      own[String(word[..<equals])] = String(word[word.index(after: equals)...])
    }
    guard let name = own.removeValue(forKey: "preset") else { return own }
    guard let preset = presets[name] else { throw UsageFailure("there is no preset \(name) above it") }
    return preset.merging(own) { $1 }
  }

  /// The words of a line, with quotes taken off.
  private static func words(of line: Substring) throws -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        word.map { words.append($0) }
        word = nil
      } else if character == "#", words.isEmpty, word == nil {
        return []
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { throw UsageFailure("a quote is not closed") }
    word.map { words.append($0) }
    return words
  }
}
