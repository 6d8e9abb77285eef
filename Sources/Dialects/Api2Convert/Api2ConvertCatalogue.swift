import Basics
import Engine
import HTTP

/// The list of what can be made here, each target with its options as a schema.
struct Api2ConvertCatalogue: Sendable {
  private static let pageSize = 50
  /// Categories of the vendor for formats that are in several, or in another one here.
  private static let further = [
    "gif": ["image", "video"], "epub": ["ebook", "document"], "json": ["document", "metadata"], "svg": ["image"],
    "pdf": ["document", "ebook"], "md5": ["hash"], "sha1": ["hash"], "sha256": ["hash"], "sha512": ["hash"],
    "crc32": ["hash"],
  ]
  /// The format that "jpeg" is to the vendor's clients.
  private static let names = ["jpeg": "jpg"]

  let parts: DialectParts

  var routes: [DialectRoute] { [DialectRoute(open: .get, "/v2/conversions", list)] }

  @Sendable private func list(_ request: Request) async throws -> Response {
    let page = try Api2ConvertJobs.page(request)
    let category = request.queryValue("category").flatMap { $0.isEmpty ? nil : $0.lowercased() }
    let wanted = request.queryValue("target").flatMap { $0.isEmpty ? nil : $0.lowercased() }
    let formats = parts.jobs.formats
    let all = try await parts.jobs.blocking.run { Api2ConvertCatalogue.rows(formats) }
    let target = wanted.map { name in formats.name(of: name).map { Api2ConvertCatalogue.names[$0] ?? $0 } ?? name }
    let found = all.filter { row in
      (category == nil || row["category"]?.string == category)
        && (target == nil || row["target"]?.string == target || row["target"]?.string == wanted)
    }
    let shown = found.dropFirst((page - 1) * Api2ConvertCatalogue.pageSize).prefix(Api2ConvertCatalogue.pageSize)
    return .api2convert(.ok, .array(Array(shown))).with(HeaderName("X-Count"), String(found.count))
  }

  /// What is wrong with the category of a target; nil when nothing is, or the target is not known.
  func problem(_ category: String, of target: String) -> String? {
    if category == "operation" || category == "metadata" {
      let names = Api2ConvertTargets.operations.filter { $0.category == category }.map(\.name)
      return "\(category) has no target \"\(target)\"; valid: \(names.joined(separator: ", "))"
    }
    guard let (name, own) = parts.jobs.formats.category(of: target) else { return nil }
    let valid = Api2ConvertCatalogue.categories(name, own)
    return valid.contains(category)
      ? nil : "\"\(category)\" does not fit \(target); valid: \(valid.joined(separator: ", "))"
  }

  private static func categories(_ name: String, _ own: String) -> [String] {
    further[name] ?? [own == "other" ? "document" : own]
  }

  private static func rows(_ formats: FormatList) -> [JSONValue] {
    let schemas = Dictionary(
      formats.options.compactMap { option in
        Api2ConvertOptions.schema(option).map { (option["name"]?.string ?? "", $0) }
      }, uniquingKeysWith: { first, _ in first })
    let several: (name: String, value: JSONValue) = (
      "allow_multiple_outputs",
      .object([
        ("type", .string("boolean")), ("default", .boolean(false)),
        ("description", .string("leaves several outputs of a file as they are; else they become one ZIP archive")),
      ])
    )
    let common: [(name: String, value: JSONValue)] = [
      several, ("download_password", text("a password for the downloads")),
      ("preset", text("the id of a preset, whose options count before these")),
    ]
    var rows = formats.targets.map { target in
      row(
        names[target.name] ?? target.name, categories(target.name, target.category)[0],
        target.options.compactMap { schemas[$0] } + (target.name == "pdf" ? [stamp] : []) + common)
    }
    rows += Api2ConvertTargets.operations.map { operation in
      row(
        operation.name, operation.category,
        operation.options.filter { $0 != several.name }.map { name in
          Api2ConvertTargets.schema(name)
            ?? schemas.values.first { $0.name == name } ?? (name, text("see the documentation"))
        } + common)
    }
    return rows
  }

  private static let stamp: (name: String, value: JSONValue) = (
    "stamp",
    .object([
      ("type", .string("boolean")), ("default", .boolean(false)),
      ("description", .string("puts the last input, a picture, onto the pages of the others")),
    ])
  )

  private static func row(
    _ target: String, _ category: String, _ options: [(name: String, value: JSONValue)]
  ) -> JSONValue {
    .object([
      ("id", .string("\(category)-\(target)")), ("target", .string(target)), ("category", .string(category)),
      ("options", .object(options)),
    ])
  }

  private static func text(_ description: String) -> JSONValue {
    .object([("type", .string("string")), ("default", .null), ("description", .string(description))])
  }
}
