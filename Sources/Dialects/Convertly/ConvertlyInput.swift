import Engine
import HTTP

/// A file that a request is about, and what it is as far as that is known before it is converted.
struct ConvertlyInput: Sendable {
  let source: Submission.Source
  /// The name of its format; nil for one that is not known here, or of an address.
  let format: String?
  /// What kind of format that is, or that the end of its address speaks of.
  let kind: String?
  /// The format that the end of its address speaks of, where it came by one.
  var said: String?

  var isPicture: Bool { kind == nil || kind == "image" }
  var isFilm: Bool { kind == "video" }

  /// The files that came with a request.
  ///
  /// The vendor's MCP server sends a file as `files` and as `file`; each of the vendor's routes reads one of the two, which
  /// is `name` here, and the other is for those who send nothing else. `files[0]` and `files[]` are `files`, too.
  static func files(
    _ form: UploadForm, named name: String, others: [String] = [], _ fields: inout ConvertlyFields
  ) -> [SpoolFile] {
    let known = ["files", "file"]
    func files(_ name: String) -> [SpoolFile] { form.files.filter { base($0.fieldName) == name } }
    for file in form.files where !(known + others).contains(base(file.fieldName)) {
      fields.wrong.append(
        file.fieldName, "is not a field for a file; valid: \((known + others).joined(separator: ", "))")
    }
    let own = files(name)
    let found = own.isEmpty ? known.filter { $0 != name }.flatMap(files) : own
    for file in found where file.size == 0 { fields.wrong.append(.files, "\(FileNames.clean(file.fileName)) is empty") }
    if found.isEmpty && fields.text("sourceUrl") == nil { fields.wrong.append(.files, "or sourceUrl is required") }
    if !found.isEmpty && fields.text("sourceUrl") != nil { fields.wrong.append("sourceUrl", "comes instead of a file") }
    return found
  }

  /// What they are, each on its way to a target, or the file at `sourceUrl`; blocks.
  static func all(
    _ files: [SpoolFile], to targets: [String?], _ fields: inout ConvertlyFields, _ formats: FormatList
  ) throws -> [ConvertlyInput] {
    guard files.isEmpty, let address = fields.text("sourceUrl") else {
      return try zip(files, targets).map { file, target in
        let format = try formats.format(ofFileAt: file.path, named: file.fileName, to: target)
        return ConvertlyInput(
          source: file.source(), format: format, kind: format.flatMap { formats.category(of: $0)?.category })
      }
    }
    if let problem = WebhookAddress.problem(of: address) { fields.wrong.append("sourceUrl", problem) }
    let ending = FileNames.split(FileNames.last(of: address)).ending
    let said = formats.category(of: String(ending.dropFirst()))
    // A picture's address often says another format than it gives; films and sounds need to be told apart before.
    let isSure = said.map { ["video", "audio"].contains($0.category) } ?? false
    return [
      ConvertlyInput(
        source: .address(address, name: nil), format: isSure ? said?.name : nil, kind: said?.category, said: said?.name)
    ]
  }

  /// "files[0]" is a file of "files".
  private static func base(_ name: String) -> String { String(name.prefix { $0 != "[" }) }
}
