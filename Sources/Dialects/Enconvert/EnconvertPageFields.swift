import Basics
import Engine

/// The fields that say how a page is opened, each with the option of ours that it is.
enum EnconvertPageFields {
  private enum Reading {
    case flag(String)
    /// Adds to what is not loaded when the flag is this.
    case block(String, when: Bool)
    case count(String, ClosedRange<Int>)
    case text(String, most: Int)
    case milliseconds(String, most: Int)
    /// Known, and needs nothing: a page counts as loaded when its pictures are.
    case nothing
  }

  private static let rows: [(name: String, reading: Reading)] = [
    ("viewport_width", .count("viewport_width", 16...8192)), ("viewport_height", .count("viewport_height", 16...8192)),
    ("load_media", .block("images,media", when: false)), ("enable_scroll", .flag("load_lazy")),
    ("handle_sticky_header", .flag("unstick")), ("handle_cookies", .flag("hide_banners")),
    ("wait_for_images", .nothing), ("single_page", .flag("single_page")), ("block_ads", .block("ads", when: true)),
    ("block_media", .block("images,media", when: true)), ("wait_for_selector", .text("wait_selector", most: 1000)),
    ("wait_for_selector_timeout", .milliseconds("wait_selector_time", most: 60_000)),
  ]

  /// "1920×1080", "single_page (true)"; banners are hidden by our own choice.
  private static let usual = ["viewport_width": "1920", "viewport_height": "1080", "hide_banners": "true"]

  private static let mostCookies = 50
  private static let mostHeaders = 20
  /// Those of the connection, which are not the page's.
  private static let ownHeaders = [
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
  ]

  /// The options that a document asks for; throws 400 for `auth` beside a header field Authorization.
  static func options(
    of document: JSONValue, _ kind: EnconvertPageKind, _ wrong: inout WrongFields
  ) throws(Refusal) -> [String: String] {
    var options = usual.merging(kind.options) { $1 }
    if kind.target == "pdf" { options["single_page"] = "true" }
    var blocked: [String] = []
    for (name, reading) in rows {
      guard let value = document[name], value != .null else { continue }
      read(name, value, reading, &options, &blocked, &wrong)
    }
    if kind.target != "pdf" { options["single_page"] = nil }
    if !blocked.isEmpty {
      let words = Set(blocked.joined(separator: ",").split(separator: ","))
      options["block"] = words.sorted().joined(separator: ",")
    }
    if let paper = document["pdf_options"], paper != .null {
      let extent = kind.target == "pdf" ? EnconvertPaper.Extent.all : .none
      options.merge(EnconvertPaper.read(paper, extent, &wrong)) { $1 }
    }
    try readAccess(document, &options, &wrong)
    return options
  }

  private static func read(
    _ name: String, _ value: JSONValue, _ reading: Reading, _ options: inout [String: String],
    _ blocked: inout [String], _ wrong: inout WrongFields
  ) {
    switch reading {
    case .flag(let option):
      guard let flag = value.boolean else { return wrong.append(name, "must be true or false") }
      options[option] = flag ? "true" : "false"
    case .block(let words, let when):
      guard let flag = value.boolean else { return wrong.append(name, "must be true or false") }
      if flag == when { blocked.append(words) }
    case .count(let option, let range):
      guard let number = value.integer, range.contains(Int(number)) else {
        return wrong.append(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      options[option] = String(number)
    case .text(let option, let most):
      guard let text = value.string, !text.isEmpty, text.unicodeScalars.count <= most else {
        return wrong.append(name, "must be a text of at most \(most) characters")
      }
      options[option] = text
    case .milliseconds(let option, let most):
      guard let number = value.integer, (1...Int64(most)).contains(number) else {
        return wrong.append(name, "must be from 1 to \(most) milliseconds")
      }
      options[option] = JSONValue.number(Double(max(number, 100)) / 1000).text
    case .nothing: if value.boolean == nil { wrong.append(name, "must be true or false") }
    }
  }

  /// What opens a page that is not open to everybody.
  private static func readAccess(
    _ document: JSONValue, _ options: inout [String: String], _ wrong: inout WrongFields
  ) throws(Refusal) {
    let auth = document["auth"].flatMap { $0 == .null ? nil : $0 }
    if let auth {
      if let user = auth["username"]?.string, let password = auth["password"]?.string, !password.isEmpty {
        (options["page_user"], options["page_password"]) = (user, password)
      } else {
        wrong.append("auth", "must be an object with username and password")
      }
    }
    if let cookies = document["cookies"], cookies != .null {
      if let problem = problem(ofCookies: cookies) {
        wrong.append("cookies", problem)
      } else if cookies.array?.isEmpty == false {
        options["cookies"] = cookies.text
      }
    }
    guard let headers = document["headers"], headers != .null else { return }
    guard let members = headers.members, members.allSatisfy({ $0.value.string != nil }), members.count <= mostHeaders
    else { return wrong.append("headers", "must be an object of at most \(mostHeaders) names with texts") }
    for (name, _) in members where ownHeaders.contains(name.lowercased()) {
      wrong.append("headers.\(name)", "cannot be set; neither can \(ownHeaders.joined(separator: ", "))")
    }
    if auth != nil, members.contains(where: { $0.name.lowercased() == "authorization" }) {
      throw EnconvertRefusals.wrong("auth and a header Authorization cannot go together")
    }
    if !members.isEmpty { options["headers"] = headers.text }
  }

  private static func problem(ofCookies value: JSONValue) -> String? {
    guard let cookies = value.array, cookies.count <= mostCookies else {
      return "must be an array of at most \(mostCookies) objects"
    }
    let areGood = cookies.allSatisfy { cookie in
      let site = cookie["sameSite"].flatMap { $0 == .null ? nil : $0 }
      return cookie["name"]?.string?.isEmpty == false && cookie["value"]?.string != nil
        && (cookie["domain"]?.string != nil || cookie["url"]?.string != nil)
        && site.map { ["Strict", "Lax", "None"].contains($0.string) } ?? true
    }
    return areGood ? nil : "must each have name, value, and domain or url; sameSite is Strict, Lax or None"
  }

  /// What a client calls an option that it has given.
  static func field(of option: String) -> String {
    for (name, reading) in rows {
      switch reading {
      case .flag(let own), .count(let own, _), .text(let own, _), .milliseconds(let own, _):
        if own == option { return name }
      case .block, .nothing: break
      }
    }
    if let member = EnconvertPaper.members.first(where: { $0.1 == option && !["width", "height"].contains($0.0) }) {
      return "pdf_options.\(member.0)"
    }
    let others = [
      "page_user": "auth", "page_password": "auth", "header_html": "pdf_options.header",
      "footer_html": "pdf_options.footer", "target_size": "target_size_kb",
    ]
    if option.hasPrefix("margin") { return "pdf_options.margins" }
    return others[option] ?? option
  }
}
