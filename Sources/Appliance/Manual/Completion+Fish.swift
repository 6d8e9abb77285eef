extension Completion {
  /// For fish.
  var fish: String {
    let known = paths.map(Completion.fishQuoted).joined(separator: " ")
    var lines: [String] = []
    for (path, words) in next {
      for word in words { lines.append(line(path, "-a \(Completion.fishQuoted(word.text))", word.summary)) }
    }
    for (path, words) in options {
      for word in words {
        let own = choices.first { $0.path == path && $0.option == word.text }
        let values = own.map { " -x -a \(Completion.fishValues($0.values))" } ?? (word.takesValue ? " -r" : "")
        lines.append(line(path, Completion.fishOption(word.text) + values, word.summary))
      }
    }
    for (path, place, values) in operands {
      let condition = Completion.fishQuoted("__wonder_at '\(path)' \(place - 1)")
      lines.append("complete -c wonder -n \(condition) -f -a \(Completion.fishValues(values))")
    }
    for word in settings {
      let choices = values.first { $0.flag == word.text }?.words
      let values = choices.map { " -x -a \(Completion.fishQuoted($0.joined(separator: " ")))" } ?? " -r"
      lines.append(
        "complete -c wonder -n __wonder_set -l \(word.text.dropFirst(2))\(values) -d \(Completion.fishQuoted(word.summary))"
      )
    }
    let bare = next.map(\.path).map { "complete -c wonder -n \(Completion.fishQuoted("__wonder_at '\($0)'")) -f" }
    return """
      # fish completion for wonder, made by `wonder completion fish`
      function __wonder_at
        set -l path ''
        set -l count 0
        set -l isvalue 0
        for word in (commandline -opc)[2..-1]
          set -l longer (string trim -- "$path $word")
          if test $isvalue = 1
            set isvalue 0
          else if contains -- $longer \(known)
            set path $longer
            set count 0
          else if string match -qr -- '^-.' $word
            string match -q -- '*=*' $word; or contains -- $word \(switches.joined(separator: " ")); or set isvalue 1
          else
            set count (math $count + 1)
          end
        end
        test "$path" = "$argv[1]"; and test (count $argv) -lt 2 -o "$count" = "$argv[2]"
      end
      # The settings are many: only once something of a name is there, or where nothing else is.
      function __wonder_set
        not contains -- (commandline -ct) - --; or __wonder_at serve
      end
      \((bare + lines).joined(separator: "\n"))
      """
  }

  private static func fishValues(_ values: Values) -> String {
    switch values {
    case .words(let words): fishQuoted(words.joined(separator: " "))
    case .asked(let word): fishQuoted("(wonder completion \(word) 2>/dev/null)")
    }
  }

  /// -s for one letter, -l for a word.
  private static func fishOption(_ text: String) -> String {
    text.hasPrefix("--") ? "-l \(text.dropFirst(2))" : "-s \(text.dropFirst())"
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
