import Basics
import Engine

/// `pdf_options`: the paper of a PDF, in the vendor's words and millimetres.
enum EnconvertPaper {
  /// How much of it an address takes.
  enum Extent: Sendable {
    case none, grayscale, all
  }

  private static let longestContent = 2000
  private static let usualHeight = 15.0

  /// The members that are one option each.
  static let members = [
    ("page_size", "page_size"), ("page_width", "page_width"), ("page_height", "page_height"),
    ("orientation", "page_orientation"), ("scale", "scale"), ("grayscale", "grayscale"),
  ]
  static let sides = ["top", "bottom", "left", "right"]
  private static let bands = [("header", "header_html", "top"), ("footer", "footer_html", "bottom")]
  private static let all = members.map(\.0) + ["margins", "header", "footer"]

  /// The options of ours that an object stands for.
  static func read(_ value: JSONValue, _ extent: Extent, _ wrong: inout WrongFields) -> [String: String] {
    guard let object = value.members else {
      wrong.append("pdf_options", "must be an object with \(all.joined(separator: ", "))")
      return [:]
    }
    var options: [String: String] = [:]
    for (name, value) in object where value != .null {
      if extent == .none || extent == .grayscale && name != "grayscale" {
        wrong.append("pdf_options.\(name)", "is not supported here" + (extent == .none ? "" : "; only grayscale is"))
      } else if let option = members.first(where: { $0.0 == name })?.1 {
        switch value {
        case .string(let text): options[option] = text.lowercased()
        case .integer, .number, .boolean: options[option] = value.text
        default: wrong.append("pdf_options.\(name)", "must be a text, a number, true or false")
        }
      } else if name == "margins" {
        read(margins: value, into: &options, &wrong)
      } else if !all.contains(name) {
        wrong.append("pdf_options.\(name)", "is not known; valid: \(all.joined(separator: ", "))")
      }
    }
    for (name, option, side) in bands {
      guard extent == .all, let band = value[name], band != .null else { continue }
      read(band: band, name, option, side, into: &options, &wrong)
    }
    if options["grayscale"] == "false" { options["grayscale"] = nil }
    return options
  }

  private static func read(margins: JSONValue, into options: inout [String: String], _ wrong: inout WrongFields) {
    guard let members = margins.members else {
      return wrong.append("pdf_options.margins", "must be an object with \(sides.joined(separator: ", "))")
    }
    for (side, value) in members where value != .null {
      guard sides.contains(side), let width = value.decimal, (0...500).contains(width) else {
        wrong.append("pdf_options.margins.\(side)", "must be top, bottom, left or right with 0 to 500 millimetres")
        continue
      }
      options["margin_" + side] = value.text
    }
    // All alike they are what the pages of a text have, too.
    let values = Set(sides.map { options["margin_" + $0] })
    if values.count == 1, let text = values.first ?? nil, let whole = Int(text), whole <= 100 {
      for side in sides { options["margin_" + side] = nil }
      options["margin"] = text
    }
  }

  /// A line at the top or the bottom of each page, which needs its height as a margin.
  private static func read(
    band: JSONValue, _ name: String, _ option: String, _ side: String, into options: inout [String: String],
    _ wrong: inout WrongFields
  ) {
    let content = band["content"]?.string ?? ""
    let height = band["height"].map(\.decimal) ?? usualHeight
    guard band.members != nil, content.unicodeScalars.count <= longestContent, let height, (0...500).contains(height)
    else {
      return wrong.append(
        "pdf_options.\(name)", "must have content of at most \(longestContent) characters and a height in millimetres")
    }
    guard !content.isEmpty else { return }
    let own = options["margin_" + side] ?? options["margin"]
    if own.flatMap(Double.init) ?? 10 < height { options["margin_" + side] = JSONValue.number(height).text }
    options[option] = content.contains("<") ? content : line(content)
  }

  private static func line(_ text: String) -> String {
    var escaped = ""
    for character in text { escaped += character == "&" ? "&amp;" : String(character) }
    return "<div style=\"width:100%;text-align:center;font-size:9px\">\(escaped)</div>"
  }
}
