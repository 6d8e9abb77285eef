import Basics
import Engine
import HTTP
import Storage

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
    let others = ["sourceUrl", "fileIds", "fileId"].filter { fields.text($0) != nil }
    if found.isEmpty && others.isEmpty { fields.wrong.append(.files, "or sourceUrl is required") }
    if let other = others.first, !found.isEmpty || others.count > 1 {
      fields.wrong.append(other, "comes instead of a file")
    }
    return found
  }

  /// How many files a request is about.
  static func count(_ files: [SpoolFile], _ fields: inout ConvertlyFields) -> Int {
    files.isEmpty ? max(1, names(&fields).count) : files.count
  }

  /// The stored files that a request names: one, or a JSON array of some.
  private static func names(_ fields: inout ConvertlyFields) -> [String] {
    guard let text = fields.text("fileIds") else { return fields.text("fileId").map { [$0] } ?? [] }
    let names = (try? JSONReader.parse(Array(text.utf8), from: .client))?.array?.compactMap(\.string)
    if names?.isEmpty ?? true { fields.wrong.append("fileIds", "must be a JSON array of the ids of stored files") }
    return names ?? []
  }

  /// What they are, each on its way to a target, or the file at `sourceUrl`, or the stored ones; blocks.
  ///
  /// Throws `Refusal.unknownStoredFile`.
  static func all(
    _ files: [SpoolFile], to targets: [String?], _ fields: inout ConvertlyFields, _ requests: ConvertlyRequests
  ) throws -> [ConvertlyInput] {
    let formats = requests.parts.jobs.formats
    func input(_ source: Submission.Source, at path: String, _ name: String, _ number: Int) throws -> ConvertlyInput {
      let target = targets.indices.contains(number) ? targets[number] : nil
      let format = try formats.format(ofFileAt: path, named: name, to: target)
      return ConvertlyInput(
        source: source, format: format, kind: format.flatMap { formats.category(of: $0)?.category })
    }
    let names = names(&fields)
    if files.isEmpty, !names.isEmpty {
      return try names.enumerated().map { number, name in
        let jobs = requests.parts.jobs
        guard let row = ConvertlyNames.row(.storedFile, name, jobs.store.identifiers) else {
          throw Refusal.unknownStoredFile
        }
        let file = try jobs.files.view(requests.holder.workspace, row: row).file
        return try input(.stored(row, name: nil), at: jobs.store.blobs.path(file.blob), file.name, number)
      }
    }
    guard files.isEmpty, let address = fields.text("sourceUrl") else {
      return try files.enumerated().map { try input($1.source(), at: $1.path, $1.fileName, $0) }
    }
    if let problem = KeptPlace.problem(of: address) { fields.wrong.append("sourceUrl", problem) }
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
