/// Which sheet of a workbook is asked for.
enum OfficeSheet: Equatable {
  case all
  case number(Int)

  /// Reads "all" or a number from 1.
  init?(_ text: String) {
    if text == "all" {
      self = .all
    } else if let number = Int(text), (1...9999).contains(number), String(number) == text {
      self = .number(number)
    } else {
      return nil
    }
  }

  /// As LibreOffice's filter for CSV counts them (token 12).
  var token: Int {
    switch self {
    case .all: -1
    case .number(let number): number
    }
  }
}
