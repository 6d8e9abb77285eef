import Basics
import DataFormats
import Formats

extension DataConverter {
  var name: String { "built in" }

  /// Every format of data into every other, and into itself, which lays it out anew.
  var offers: [Offer] {
    let formats: [Format] = [.json, .ndjson, .csv, .tsv, .xml, .yaml, .toml]
    return [Offer(from: formats, to: formats, options: DataConverter.options)]
  }

  static let options: [ConversionOption] = [
    attributePrefix, compact, .delimiter, .encoding, header, indent, item, quote, requiresRows, root, typed,
    uniqueNames,
  ]

  private static let attributePrefix = ConversionOption(
    "attribute_prefix", .text(valid: "up to 8 characters") { $0.count <= 8 && !$0.isEmpty }, .word("@"),
    "what the names of XML's attributes begin with in other formats")
  private static let compact = ConversionOption("compact", .flag, .flag(false), "writes JSON without blanks and lines")
  static let header = ConversionOption(
    "header", .flag, .flag(true), "the first row of CSV has the names of the columns")
  private static let indent = ConversionOption(
    "indent", .whole(0...8), nil, "blanks for each level of JSON, else 2, and of XML, else 1, or 2 for rows")
  private static let item = ConversionOption(
    "item", name, .word("item"), "what an element of an array is called in XML")
  static let quote = ConversionOption(
    "quote", .choice(["double", "single", "none"]), .word("double"), "what stands around fields of CSV")
  private static let requiresRows = ConversionOption(
    "requires_rows", .flag, .flag(false), "makes CSV of an array of objects alone; else a single value becomes one row")
  private static let root = ConversionOption("root", name, .word("root"), "what the outermost element of XML is called")
  private static let typed = ConversionOption(
    "typed", .flag, .flag(false), "takes numbers, true, false and nothing in CSV for what they are, not for texts")
  private static let uniqueNames = ConversionOption(
    "unique_names", .flag, .flag(false), "refuses JSON with two members of one name; else the last one counts")

  private static let name = ConversionOption.Kind.text(
    valid: "a name of XML: a letter or _, and letters, digits, -, _ and . behind it"
  ) { $0.count <= 100 && PosixPattern.isMatched("[A-Za-z_][A-Za-z0-9._-]*", by: $0) }

  /// The same as the readers and writers know them.
  static func options(_ options: ConversionOptions) throws -> DataOptions {
    var data = DataOptions()
    data.typed = options.flag(typed)
    data.header = options.flag(header)
    data.requiresRows = options.flag(requiresRows)
    data.compact = options.flag(compact)
    data.refusesDuplicates = options.flag(uniqueNames)
    data.indent = options.whole(indent)
    data.root = options.word(root)
    data.item = options.word(item)
    data.attributePrefix = options.word(attributePrefix)
    if let word = options.word(.delimiter) { try data.set("delimiter", to: word) }
    if let word = options.word(.encoding) { try data.set("encoding", to: word) }
    switch options.word(quote) {
    case "single": data.quote = UInt8(ascii: "'")
    case "none": data.quote = nil
    default: break
    }
    return data
  }
}
