import Basics
import CSystem
import Glibc

/// The words and variables that this process was started with.
package enum ProcessEnvironment {
  /// What follows the program's name; Swift's own list comes from /proc, which may not be there.
  package static var words: [String] {
    guard var entry = csystem_words(), entry.pointee != nil else { return [] }
    var words: [String] = []
    entry += 1
    while let word = entry.pointee {
      words.append(SystemText.text(word))
      entry += 1
    }
    return words
  }

  package static var variables: [String: String] {
    var found: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let line = SystemText.text(text)
      if let equals = line.firstIndex(of: "=") {
        found[String(line[..<equals])] = String(line[line.index(after: equals)...])
      }
      entry += 1
    }
    return found
  }
}
