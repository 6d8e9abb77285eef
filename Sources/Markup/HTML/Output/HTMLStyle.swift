/// A form that a piece of text has.
enum HTMLStyle: Equatable {
  case emphasis
  case strong
  case strikethrough
  case link(address: String, title: String)

  var mark: StaticString {
    switch self {
    case .emphasis: "*"
    case .strong: "**"
    case .strikethrough: "~~"
    case .link: "["
    }
  }

  var isLink: Bool { if case .link = self { true } else { false } }
}
