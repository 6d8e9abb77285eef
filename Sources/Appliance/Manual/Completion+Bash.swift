extension Completion {
  /// For bash, without anything of the package bash-completion.
  var bash: String {
    let known = paths.map(Completion.quoted).joined(separator: " | ")
    let following = next.map { path, words in
      "    \(Completion.quoted(path))) words='\(words.map(\.text).joined(separator: " "))' ;;"
    }
    let flags = options.map { path, words in
      "    \(Completion.quoted(path))) words='\(words.map(\.text).joined(separator: " "))' ;;"
    }
    let choices = values.map { flag, words in "    \(flag)) words='\(words.joined(separator: " "))' ;;" }
    let places = cases { values in
      switch values {
      case .words(let words): "words='\(words.joined(separator: " "))'"
      case .asked(let word): "words=$(wonder completion \(word) 2>/dev/null)"
      }
    }
    return """
      # bash completion for wonder, made by `wonder completion bash`
      _wonder() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} path= words= index count=0
        # bash takes --option=value for three words.
        if [[ $current == = ]]; then
          current=
        elif [[ $previous == = ]]; then
          previous=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        for ((index = 1; index < COMP_CWORD; index++)); do
          case "${path:+$path }${COMP_WORDS[index]}" in
          \(known))
            path="${path:+$path }${COMP_WORDS[index]}" count=0 ;;
            *)
              case "${COMP_WORDS[index]}" in
                \(switches.joined(separator: " | ")) | -*=*) ;;
                -?*) [[ ${COMP_WORDS[++index]} != = ]] || ((++index)) ;;
                *) ((++count)) ;;
              esac ;;
          esac
        done
        case "$previous" in
      \(choices.joined(separator: "\n"))
        esac
        case "$path $previous" in
      \(places.options)
        esac
        if [ -z "$words" ] && [[ $current == -* ]]; then
          case "$path" in
      \(flags.joined(separator: "\n"))
          esac
          # The settings are many: only once something of a name is there, or where nothing else is.
          [[ $current != --?* && $path != serve ]] || words="$words \(settings.map(\.text).joined(separator: " "))"
        elif [ -z "$words" ]; then
          case "$path" in
      \(following.joined(separator: "\n"))
          esac
        fi
        if [ -z "$words" ]; then
          case "$path $((count + 1))" in
      \(places.operands)
          esac
        fi
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
      }
      complete -o default -F _wonder wonder
      """
  }
}
