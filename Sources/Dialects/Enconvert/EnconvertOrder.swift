import Basics
import Engine
import Storage

/// What a document about pages or a site asks for.
struct EnconvertOrder: Sendable {
  private static let longestValue = 255
  private static let crawlModes = ["auto", "sitemap", "full"]

  private(set) var addresses: [String] = []
  private(set) var wantsBytes = false
  /// True for whatever is not answered with its result.
  private(set) var isBatch = false
  private(set) var isZIP = false
  private(set) var email: String?
  private(set) var callback: String?
  private var name: String?
  private var fileName: String?
  private var site: SiteWish?
  private var options: [String: String] = [:]
  /// The document by which a repetition is known.
  private let text: String

  /// Throws a `Refusal` that names what is wrong.
  init(_ document: JSONValue, _ kind: EnconvertPageKind) throws {
    text = document.text
    var wrong = WrongFields()
    addresses = EnconvertOrder.addresses(document["url"], isSite: kind.isSite, &wrong)
    func flag(_ member: String) -> Bool {
      switch document[member] {
      case nil, .null?: return false
      case .boolean(let flag)?: return flag
      default:
        wrong.append(member, "must be true or false")
        return false
      }
    }
    func word(_ member: String, _ problem: (String) -> String?) -> String? {
      guard let value = document[member], value != .null, value != .string("") else { return nil }
      guard let text = value.string else {
        wrong.append(member, "must be a text")
        return nil
      }
      if let problem = problem(text) { wrong.append(member, problem) }
      return text
    }
    func length(_ text: String) -> String? {
      text.utf8.count > EnconvertOrder.longestValue ? "is longer than \(EnconvertOrder.longestValue) bytes" : nil
    }
    wantsBytes = flag("direct_download")
    let isAsync = flag("async_mode")
    isZIP = kind.isSite || EnconvertOrder.wantsZIP(document["output_format"], &wrong)
    email = word("notification_email") { MailAddress.problem(of: $0) }
    callback = word("callback_url") { WebhookAddress.problem(of: $0) }
    name = word("job_id", length)
    fileName = word("output_filename", length)
    if kind.isSite { site = EnconvertOrder.site(document, &wrong) }
    options = try EnconvertPageFields.options(of: document, kind, &wrong)
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    guard kind.isSite || !isZIP || addresses.count > 1 else {
      throw EnconvertRefusals.wrong("output_format zip needs more than one URL")
    }
    isBatch = kind.isSite || isAsync || addresses.count > 1
    guard !wantsBytes || !isBatch else {
      throw EnconvertRefusals.wrong(
        "direct_download gives one file at once: it goes neither with async_mode nor with several URLs")
    }
  }

  func submission(_ kind: EnconvertPageKind, mostBytes: Int64, at moment: Timestamp) -> Submission {
    var taken: [String: Int] = [:]
    let sources = addresses.enumerated().map { number, address -> Submission.Source in
      var stem = fileName.map(EnconvertNames.stem(ofFile:)) ?? EnconvertNames.stem(of: address)
      taken[stem, default: 0] += 1
      if let count = taken[stem], count > 1 { stem += "-\(count)" }
      return .page(address, name: EnconvertNames.source(stem, ending: ".url", at: moment))
    }
    var submission = Submission(
      dialect: Enconvert.name, fields: [("document", text), ("conversion", kind.name)], route: Enconvert.route,
      conversionType: nil, from: "url", to: kind.target, options: options, sources: sources, mostBytes: mostBytes,
      idempotencyKey: name, webhookURL: isBatch ? callback : nil)
    submission.waitsForEnd = !isBatch
    if isBatch {
      submission.batch = Submission.BatchWish(mode: isZIP ? .zip : .individual, tellsEach: !isZIP)
      submission.site = site
    }
    return submission
  }

  private static func addresses(_ value: JSONValue?, isSite: Bool, _ wrong: inout WrongFields) -> [String] {
    let texts = value?.array?.map(\.string) ?? [value?.string]
    guard !texts.isEmpty, texts.allSatisfy({ $0?.isEmpty == false }) else {
      wrong.append("url", value == nil ? "is required" : "must be an address or an array of addresses")
      return []
    }
    guard texts.count <= (isSite ? 1 : Intake.mostFiles) else {
      wrong.append(
        "url", isSite ? "is one address here" : "\(texts.count) are more than the \(Intake.mostFiles) allowed")
      return []
    }
    let addresses = texts.compactMap(\.self)
    for address in addresses {
      if let problem = WebhookAddress.problem(of: address) { wrong.append("url", problem) }
    }
    return addresses
  }

  /// True means one archive, in the seed's words "individual" or "zip".
  private static func wantsZIP(_ value: JSONValue?, _ wrong: inout WrongFields) -> Bool {
    switch value {
    case nil, .null?, .boolean(false)?, .string("individual")?, .string("")?: return false
    case .boolean(true)?, .string("zip")?: return true
    default:
      wrong.append("output_format", "must be true, false, \"zip\" or \"individual\"")
      return false
    }
  }

  private static func site(_ document: JSONValue, _ wrong: inout WrongFields) -> SiteWish {
    let mode = document["crawl_mode"]?.string ?? "auto"
    if !crawlModes.contains(mode) {
      wrong.append("crawl_mode", "is not known; valid: \(crawlModes.joined(separator: ", "))")
    }
    var wish = SiteWish(mode: mode == "sitemap" ? .sitemap : .crawl)
    wish.depth = SiteWish.depths.upperBound
    wish.pages = SiteWish.counts.upperBound
    wish.include = patterns("include_patterns", document, &wrong)
    wish.exclude = patterns("exclude_patterns", document, &wrong)
    return wish
  }

  /// Regular expressions, as the vendor's crawler has them.
  private static func patterns(_ name: String, _ document: JSONValue, _ wrong: inout WrongFields) -> [String] {
    guard let value = document[name], value != .null else { return [] }
    let texts = value.array?.compactMap(\.string) ?? []
    guard let all = value.array, all.count == texts.count, all.count <= SiteWish.mostPatterns,
      texts.reduce(0, { $0 + $1.utf8.count }) <= SiteWish.longestPatterns
    else {
      wrong.append(
        name, "must be an array of at most \(SiteWish.mostPatterns) texts and \(SiteWish.longestPatterns) bytes")
      return []
    }
    for text in texts {
      let hasControls = text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
      let problem = hasControls ? "has control characters" : SiteWish.problem(ofExpression: text)
      if let problem { wrong.append(name, "\"\(text)\" \(problem)") }
    }
    return texts.map(SiteWish.pattern(ofExpression:))
  }
}
