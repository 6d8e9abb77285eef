import Basics

/// What a format of numbers makes of a number (ISO/IEC 29500-1, 18.8.30 and 18.8.31).
enum NumberFormat {
  case number, date, time, dateAndTime

  /// Of a format that is built in.
  init(id: Int) {
    switch id {
    case 14...17, 27...31, 36, 50...54, 57, 58: self = .date
    case 18...21, 32...35, 45...47, 55, 56: self = .time
    case 22: self = .dateAndTime
    default: self = .number
    }
  }

  /// Of a format by its code.
  init(code: String) {
    let letters = Self.letters(of: code)
    let isClock = letters.contains("h") || letters.contains("s")
    let isDate = letters.contains("y") || letters.contains("d") || letters.contains("m") && !isClock
    self = isDate && isClock ? .dateAndTime : isDate ? .date : isClock ? .time : .number
  }

  /// The letters of the first section that mean something, in lower case.
  private static func letters(of code: String) -> Set<Character> {
    var letters: Set<Character> = []
    var isQuoted = false
    var bracket: String?
    var isEscaped = false
    if code.lowercased().contains("general") { return [] }
    for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isQuoted = character != "\""
      } else if let open = bracket {
        // Hours, minutes or seconds beyond their end; all else in brackets is a colour, a condition or a language.
        if character == "]", open.allSatisfy({ $0 == "h" || $0 == "m" || $0 == "s" }), let first = open.first {
          letters.insert(first == "m" ? "h" : first)
        }
        bracket = character == "]" ? nil : open + String(character)
      } else {
        switch character {
        case "\"": isQuoted = true
        case "\\", "_", "*": isEscaped = true
        case "[": bracket = ""
        case ";": return letters
        default: letters.insert(character)
        }
      }
    }
    return letters
  }
}
