import Engine

/// One of the addresses that take a file: what it may be, and what is made of it.
struct EnconvertConversion: Sendable {
  /// The last part of the address.
  let name: String
  /// The endings of its files, each with the format that they stand for; none where the files tell by themselves.
  let endings: [(ending: String, format: String)]
  /// Nil for the format that comes.
  let target: String?
  var options: [String: String] = [:]
  /// Which of `pdf_options` it takes.
  var paper = EnconvertPaper.Extent.none
  var takesSize = false
  var packsSeveral = false

  /// The 43 pairs of the vendor's library (formats.py), and the three addresses that take nearly anything.
  static let all: [EnconvertConversion] =
    """
    json-to-xml xml-to-json json-to-yaml yaml-to-json csv-to-json json-to-csv json-to-toml toml-to-json csv-to-xml \
    xml-to-csv markdown-to-html markdown-to-pdf html-to-pdf \
    doc-to-pdf excel-to-pdf ppt-to-pdf odt-to-pdf ods-to-pdf odp-to-pdf ots-to-pdf pages-to-pdf numbers-to-pdf \
    jpeg-to-png png-to-jpeg jpeg-to-svg svg-to-jpeg jpeg-to-heic heic-to-jpeg jpeg-to-webp webp-to-jpeg png-to-svg \
    svg-to-png png-to-heic heic-to-png png-to-webp webp-to-png svg-to-heic heic-to-svg svg-to-webp webp-to-svg \
    heic-to-webp webp-to-heic pdf-to-jpeg
    """.split(separator: " ").map { EnconvertConversion(pair: String($0)) } + [
      EnconvertConversion(name: "anything-to-pdf", endings: [], target: "pdf", paper: .grayscale),
      EnconvertConversion(name: "anything-to-markdown", endings: [], target: "md"),
      EnconvertConversion(
        name: "compress-image", endings: ["jpeg", "png", "webp"].flatMap(endings), target: nil, options: [:]),
    ]

  static func named(_ name: String) -> EnconvertConversion? { all.first { $0.name == name } }

  /// The endings of a word of the vendor's, where they are not the word itself.
  private static let words: [String: [(ending: String, format: String)]] = [
    "jpeg": [("jpg", "jpeg"), ("jpeg", "jpeg")], "heic": [("heic", "heic"), ("heif", "heic")],
    "yaml": [("yaml", "yaml"), ("yml", "yaml")], "markdown": [("md", "md"), ("markdown", "md")],
    "html": [("html", "html"), ("htm", "html")], "doc": [("doc", "doc"), ("docx", "docx")],
    "excel": [("xls", "xls"), ("xlsx", "xlsx")], "ppt": [("ppt", "ppt"), ("pptx", "pptx")], "ots": [("ots", "ods")],
  ]

  private static func endings(_ word: String) -> [(ending: String, format: String)] { words[word] ?? [(word, word)] }

  private static let settings: [String: [String: String]] = [
    // "JPEG outputs quality 100", "144 dpi"; "json→csv needs an array of objects".
    "pdf-to-jpeg": ["dpi": "144", "quality": "100"], "json-to-csv": ["requires_rows": "true"],
  ]

  private init(pair: String) {
    let sides = pair.split(separator: "-").map(String.init)
    let (source, target) = (sides[0], sides[2])
    self.init(name: pair, endings: EnconvertConversion.endings(source), target: target)
    options = EnconvertConversion.settings[pair] ?? (target == "jpeg" ? ["quality": "100"] : [:])
    if target == "pdf" { paper = ["html", "markdown"].contains(source) ? .all : .grayscale }
    takesSize = source == "svg"
    packsSeveral = source == "pdf"
  }

  private init(
    name: String, endings: [(ending: String, format: String)], target: String?, options: [String: String] = [:],
    paper: EnconvertPaper.Extent = .none
  ) {
    self.name = name
    self.endings = endings
    self.target = target
    self.options = options
    self.paper = paper
  }

  /// The format that a file's ending stands for, nil where the file itself tells; throws 400 for any other ending.
  func format(of fileName: String) throws(Refusal) -> String? {
    guard !endings.isEmpty else { return nil }
    let clean = FileNames.clean(fileName)
    let ending = FileNames.split(clean).ending.dropFirst().lowercased()
    if let row = endings.first(where: { $0.ending == ending }) { return row.format }
    let valid = endings.map { "." + $0.ending }.joined(separator: ", ")
    throw EnconvertRefusals.wrong("Invalid file format '.\(ending.prefix(20))'; \(name) takes \(valid)")
  }
}
