extension Completion {
  /// For zsh, as a function file `_wonder` on the fpath.
  var zsh: String {
    let known = paths.map(Completion.quoted).joined(separator: " | ")
    func summaries(_ rows: [(path: String, words: [Word])]) -> String {
      rows.map { path, words in
        "      \(Completion.quoted(path)))\n        found+=(\(words.map(Completion.zshEntry).joined(separator: " "))) ;;"
      }.joined(separator: "\n")
    }
    let choices = values.map { flag, words in "    \(flag)) compadd -- \(words.joined(separator: " ")); return ;;" }
    let places = cases { values in
      switch values {
      case .words(let words): "compadd -- \(words.joined(separator: " ")); return"
      case .asked(let word):
        "compadd\(word == "options" ? " -S ''" : "") -- ${(f)\"$(wonder completion \(word) 2>/dev/null)\"}; return"
      }
    }
    return """
      #compdef wonder
      # zsh completion for wonder, made by `wonder completion zsh`
      _wonder() {
        local beginning= index count=0 previous=${words[CURRENT - 1]}
        local -a found
        for ((index = 2; index < CURRENT; index++)); do
          case "${beginning:+$beginning }${words[index]}" in
            (\(known))
              beginning="${beginning:+$beginning }${words[index]}" count=0 ;;
            (*)
              case "${words[index]}" in
                (\(switches.joined(separator: " | ")) | -*=*) ;;
                (-?*) (( index += 1 )) ;;
                (*) (( count += 1 )) ;;
              esac ;;
          esac
        done
        if [[ ${words[CURRENT]} == --*=* ]]; then
          previous=${words[CURRENT]%%=*}
          compset -P '*='
        fi
        case "$previous" in
      \(choices.joined(separator: "\n"))
        esac
        case "$beginning $previous" in
      \(places.options)
        esac
        if [[ ${words[CURRENT]} == --*=* ]]; then
          _files
        elif [[ ${words[CURRENT]} == -* ]]; then
          case "$beginning" in
      \(summaries(options))
          esac
          if [[ ${words[CURRENT]} == --?* || $beginning == serve ]]; then
            found+=(\(settings.map(Completion.zshEntry).joined(separator: " ")))
          fi
          _describe -o option found
        else
          case "$beginning $((count + 1))" in
      \(places.operands)
          esac
          case "$beginning" in
      \(summaries(next))
          esac
          if (( ${#found} )); then _describe command found; else _files; fi
        fi
      }
      if [[ $funcstack[1] == _wonder ]]; then _wonder "$@"; else compdef _wonder wonder; fi
      """
  }

  /// `_describe` takes "word:what it means".
  private static func zshEntry(_ word: Word) -> String {
    quoted(
      "\(word.text):\(word.summary.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:"))")
  }
}
