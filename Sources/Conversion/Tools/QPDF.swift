import Basics
import Formats
import Pictures

/// Rearranges PDF documents without a look at what their pages show, by qpdf.
struct QPDF: Tool {
  let program = Program("qpdf", package: "qpdf")
  let lane = Lane.office
  var name: String { program.name }

  private static let pages = ConversionOption(
    "pages",
    .text(valid: "page numbers and ranges such as 1,3-5,r2-z, where z is the last page and r2 the one before it") {
      $0.utf8.count <= 1000
        && $0.wholeMatch(
          of: /(r?[1-9][0-9]{0,5}|z)(-(r?[1-9][0-9]{0,5}|z))?(,(r?[1-9][0-9]{0,5}|z)(-(r?[1-9][0-9]{0,5}|z))?)*/) != nil
    }, nil, "which pages of a PDF to keep, in this order")
  private static let linearize = ConversionOption(
    "linearize", .flag, .flag(false), "lays a PDF out so that its first page shows before the rest has come")
  private static let split = ConversionOption(
    "split", .flag, .flag(false), "makes a PDF of each page, or of each split_pages pages")
  private static let splitPages = ConversionOption(
    "split_pages", .whole(1...10_000), .whole(1), "pages of each PDF that split makes")

  private static let password = ConversionOption(
    "password", .secret, nil, "opens PDF documents that are protected by a password")
  private static let decrypt = ConversionOption(
    "decrypt", .flag, .flag(false), "takes the protection off a PDF, for which password is the one that it has")
  private static let userPassword = ConversionOption(
    "user_password", .secret, nil, "protects a PDF: asked for when it is opened (AES with 256 bits)")
  private static let ownerPassword = ConversionOption(
    "owner_password", .secret, nil, "protects a PDF: asked for when its protection is changed; else user_password")

  /// What a call by another program takes, compared with code of ours.
  private static let cost = 10

  private static let everywhere: [ConversionOption] = [
    .rotate, linearize, password, decrypt, userPassword, ownerPassword,
  ]

  var offers: [Offer] {
    [
      Offer(
        from: [.pdf], to: [.pdf], options: QPDF.everywhere,
        deed: .init(.merge, targets: "several documents become one pdf", count: "several files are merged"),
        gathers: 1...ConversionFiles.mostSources, overlays: [.pdf], cost: QPDF.cost),
      Offer(
        from: [.pdf], to: [.pdf], options: QPDF.everywhere + [QPDF.pages, QPDF.splitPages],
        deed: .init(QPDF.split, targets: "a document is split into pdf", count: ""), cost: QPDF.cost),
      Offer(
        from: [.pdf], to: [.pdf], options: QPDF.everywhere + [QPDF.pages], overlays: [.pdf], cost: QPDF.cost),
    ]
  }

  /// All that is asked for goes in a file, as qpdf's own job document: everybody on the machine may see a command line, and
  /// no text of a client's can be taken for an option there.
  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    guard ends.isEmpty else { return nil }
    let (options, sources) = (task.options, task.sources)
    var members: [(name: String, value: JSONValue)] = [("noWarn", .string(""))]
    let password = options.secret(QPDF.password).map { [(name: "password", value: JSONValue.string($0))] } ?? []
    if options.flag(.merge) {
      members.append(("empty", .string("")))
      members.append(
        (
          "pages",
          .array(sources.map { .object([("file", .string($0)), ("range", .string("1-z"))] + password) })
        ))
    } else {
      members += [("inputFile", .string(sources.first ?? ""))] + password
      if let pages = options.word(QPDF.pages) {
        members.append(("pages", .array([.object([("file", .string(".")), ("range", .string(pages))])])))
      }
    }
    if options.flag(QPDF.linearize) { members.append(("linearize", .string(""))) }
    if let turn = options.word(.rotate), turn != "0" { members.append(("rotate", .string("+\(turn)"))) }
    if let overlay = task.overlay {
      members.append(("overlay", .object([("file", .string(overlay)), ("repeat", .string("1-z"))])))
    }
    members += QPDF.protection(options)
    if options.flag(QPDF.split) {
      members.append(("splitPages", .string("\(options.whole(QPDF.splitPages) ?? 1)")))
    }
    members.append(("outputFile", .string(options.flag(QPDF.split) ? "out-%d.pdf" : "out.pdf")))
    return ToolCall(arguments: ["--job-json-file=order"], files: ["order": Array(JSONValue.object(members).text.utf8)])
  }

  /// What has none of its own keeps what the document came with.
  private static func protection(_ options: ConversionOptions) -> [(name: String, value: JSONValue)] {
    let (user, owner) = (options.secret(userPassword), options.secret(ownerPassword))
    guard let strongest = owner ?? user else { return options.flag(decrypt) ? [("decrypt", .string(""))] : [] }
    return [
      (
        "encrypt",
        .object([
          ("userPassword", .string(user ?? "")), ("ownerPassword", .string(strongest)), ("256bit", .object([])),
        ])
      )
    ]
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    // 3 is what was mended on the way.
    if let end = ends.last, end.code != 0 && end.code != 3 { throw QPDF.failure(end) }
    let made = try task.folder.names().filter { $0.hasPrefix("out") && $0.hasSuffix(".pdf") }
    guard task.options.flag(QPDF.split) else { return made.map { ToolResult($0) } }
    return made.map { ToolResult($0, label: String($0.dropFirst("out-".count).dropLast(".pdf".count))) }
  }

  private static func failure(_ end: ToolEnd) -> ConversionFailure {
    if end.words.contains("invalid password") {
      return ConversionFailure(
        .passwordRequired, "the document is protected, and the password for it is missing or wrong")
    }
    if end.words.contains("out of range") || end.words.contains("page range") {
      return ConversionFailure(.unsupportedConversion, "the document does not have the pages that were asked for")
    }
    return ConversionFailure(.damagedFile, "the document is damaged, or not one that qpdf reads")
  }
}
