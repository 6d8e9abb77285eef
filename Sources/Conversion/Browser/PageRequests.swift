import Basics
import Formats

/// What becomes of the requests of a page that the browser stops to ask about: fields and passwords for its own server alone, and
/// what it may not load.
final class PageRequests {
  /// A server that does not take a password is not asked again and again.
  private static let mostTries = 2
  /// What says how a message is sent, which is the browser's business.
  private static let own: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive", "cookie2",
    "set-cookie", "set-cookie2", "expect", "date", "via", "accept-encoding", "accept-charset",
  ]
  private static let ownPrefixes = ["proxy-", "sec-", "access-control-"]
  private static let types = ["media": "Media", "images": "Image", "fonts": "Font"]

  private static let refused = ConversionFailure(.pageFailed, "the browser does not send one of the fields in headers")

  private let address: String
  private let host: PageHost?
  private let cookies: String?
  private let fields: [(name: String, value: String)]
  private let blocksAds: Bool
  /// Types of what is not loaded, as the browser calls them.
  private let blocked: Set<String>
  private let login: (user: String, password: String)?
  private var tries = 0

  /// Throws for fields that are none.
  init(_ options: ConversionOptions, _ address: String) throws(VisitTrouble) {
    self.address = address
    host = PageHost(of: address)
    cookies = options.secret(.cookies)
    fields = try PageRequests.fields(options)
    let words = options.word(.block)?.split(separator: ",").map(String.init) ?? []
    blocksAds = words.contains("ads")
    blocked = Set(words.compactMap { PageRequests.types[$0] })
    login = options.word(.pageUser).map { ($0, options.secret(.pagePassword) ?? "") }
  }

  /// What the browser is told so that it asks, and does the rest by itself; throws for cookies that are none.
  var commands: [(String, [String: JSONValue])] {
    get throws(VisitTrouble) {
      var commands: [(String, [String: JSONValue])] = []
      if blocksAds {
        let hosts = PageScript.lines("ads.txt").flatMap { ["*://\($0)/*", "*://*.\($0)/*"] }
        commands.append(("Network.setBlockedURLs", ["urls": .array(hosts.map(JSONValue.string))]))
      }
      if let cookies {
        commands.append(("Network.setCookies", ["cookies": .array(try PageCookies.read(cookies, for: address))]))
      }
      if login != nil || !fields.isEmpty || !blocked.isEmpty {
        commands.append(
          (
            "Fetch.enable",
            [
              "handleAuthRequests": .boolean(login != nil),
              "patterns": .array([.object([("urlPattern", .string("*"))])]),
            ]
          ))
      }
      return commands
    }
  }

  private static func fields(_ options: ConversionOptions) throws(VisitTrouble) -> [(name: String, value: String)] {
    guard let text = options.secret(.headers) else { return [] }
    let wrong = VisitTrouble.failed(
      ConversionFailure(
        .pageFailed,
        "headers must be a JSON object of field names and texts, without \(own.sorted().joined(separator: ", "))"))
    guard let members = (try? JSONReader.parse(text.utf8))?.members, members.count <= 50 else { throw wrong }
    var fields: [(name: String, value: String)] = []
    for (name, value) in members {
      guard let value = value.string, isToken(name), !own.contains(name.lowercased()),
        !ownPrefixes.contains(where: name.lowercased().hasPrefix),
        value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
      else { throw wrong }
      fields.append((name, value))
    }
    return fields
  }

  /// RFC 9110 section 5.6.2.
  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
      }
  }

  func handle(_ page: PageSession, _ event: String, _ parameters: JSONValue) {
    switch event {
    // Without an answer a page waits for ever.
    case "Page.javascriptDialogOpening": page.send("Page.handleJavaScriptDialog", ["accept": .boolean(false)])
    case "Fetch.requestPaused": goOn(page, parameters)
    case "Fetch.authRequired": logIn(page, parameters)
    default: break
    }
  }

  private func goOn(_ page: PageSession, _ parameters: JSONValue) {
    let request = parameters["requestId"] ?? .null
    if blocked.contains(parameters["resourceType"]?.string ?? "") {
      page.send("Fetch.failRequest", ["requestId": request, "errorReason": .string("BlockedByClient")])
      return
    }
    guard !fields.isEmpty else {
      page.send("Fetch.continueRequest", ["requestId": request])
      return
    }
    // What a request had may have come along from the one that led to it.
    let names = Set(fields.map { $0.name.lowercased() })
    let others = (parameters["request"]?["headers"]?.members ?? []).filter { !names.contains($0.name.lowercased()) }
    let isOwn = PageHost(of: parameters["request"]?["url"]?.string ?? "") == host
    let all = others.map { ($0.name, $0.value.string ?? "") } + (isOwn ? fields.map { ($0.name, $0.value) } : [])
    page.send(
      "Fetch.continueRequest",
      [
        "requestId": request,
        "headers": .array(all.map { .object([("name", .string($0.0)), ("value", .string($0.1))]) }),
      ], refusing: "header", PageRequests.refused)
  }

  private func logIn(_ page: PageSession, _ parameters: JSONValue) {
    var answer: [(name: String, value: JSONValue)] = [("response", .string("CancelAuth"))]
    let isServer = parameters["authChallenge"]?["source"]?.string == "Server"
    if let login, isServer, PageHost(of: parameters["authChallenge"]?["origin"]?.string ?? "") == host,
      tries < PageRequests.mostTries
    {
      tries += 1
      answer = [
        ("response", .string("ProvideCredentials")), ("username", .string(login.user)),
        ("password", .string(login.password)),
      ]
    }
    page.send(
      "Fetch.continueWithAuth",
      ["requestId": parameters["requestId"] ?? .null, "authChallengeResponse": .object(answer)])
  }
}
