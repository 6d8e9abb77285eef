extension Completion {
  /// For fish.
  var fish: String {
    let known = paths.map(Completion.fishQuoted).joined(separator: " ")
    var lines: [String] = []
    for (path, words) in next {
      for word in words { lines.append(line(path, "-a \(Completion.fishQuoted(word.text))", word.summary)) }
    }
    for (path, words) in options {
      for word in words { lines.append(line(path, "-l \(word.text.dropFirst(2))", word.summary)) }
    }
    for word in settings {
      let choices = values.first { $0.flag == word.text }?.words
      let values = choices.map { " -x -a \(Completion.fishQuoted($0.joined(separator: " ")))" } ?? " -r"
      lines.append(
        "complete -c wonder -l \(word.text.dropFirst(2))\(values) -d \(Completion.fishQuoted(word.summary))")
    }
    let bare = next.map(\.path).map { "complete -c wonder -n \(Completion.fishQuoted("__wonder_at '\($0)'")) -f" }
    return """
      # fish completion for wonder, made by `wonder completion fish`
      function __wonder_at
        set -l path ''
        for word in (commandline -opc)[2..-1]
          set -l longer (string trim -- "$path $word")
          contains -- $longer \(known); and set path $longer
        end
        test "$path" = "$argv[1]"
      end
      \((bare + lines).joined(separator: "\n"))
      """
  }

  private func line(_ path: String, _ what: String, _ summary: String) -> String {
    "complete -c wonder -n \(Completion.fishQuoted("__wonder_at '\(path)'")) \(what) -d \(Completion.fishQuoted(summary))"
  }

  /// Inside single quotes fish knows \' and \\ only.
  private static func fishQuoted(_ text: String) -> String {
    var out = ""
    for character in text { out += character == "'" || character == "\\" ? "\\\(character)" : String(character) }
    return "'\(out)'"
  }
}
