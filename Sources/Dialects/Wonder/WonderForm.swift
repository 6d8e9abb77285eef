import Basics
import Engine
import HTTP
import Storage

/// What a client asks for in the house API, whether it came as a form or as a JSON document.
struct WonderForm {
  /// A file that came with the request, or the address of one.
  enum Input {
    case file(SpoolFile)
    case address(String, name: String?)
    case cloud(CloudFile)
  }

  /// Options have the names that a form gives them, for example `options[quality]`.
  var fields: FormFields = []
  var inputs: [Input] = []
  /// A picture to lay over the others.
  var watermark: Input?
  /// Where the outputs go, too.
  var targets: [OutputTarget] = []
  /// What is wrong with the way the files were sent.
  var wrong = WrongFields()

  /// A JSON body carries its files in base64, in memory; the largest one fits a mebibyte.
  static let largestJSON = 1 << 20
  /// The names under which clients send their files; the seed page writes `files[]`.
  private static let fileFields: Set<String> = ["files[]", "files", "file", "inputs"]
  private static let watermarkField = "watermark"

  /// Reads the body by its Content-Type; throws `HTTPFailure` 411 without a length, 413 for more than
  /// the server or the plan allows, 415 for any other type.
  static func read(_ request: Request, _ parts: DialectParts, for holder: KeyHolder) async throws -> WonderForm {
    guard request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil else {
      throw HTTPFailure.lengthRequired
    }
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    switch type {
    case "multipart/form-data":
      return WonderForm(try await parts.upload(request, of: holder))
    case "application/json":
      let bytes = try await request.body.collect(atMost: largestJSON)
      return try await ClientDocument.read(bytes, on: parts.jobs.blocking) { [spool = parts.spool] members in
        try WonderJSON.form(members, spool: spool)
      }
    default: throw HTTPFailure.unsupportedMediaType("multipart/form-data or application/json")
    }
  }

  init() {}

  private init(_ form: UploadForm) {
    fields = form.fields
    for field in fields where !WonderForm.isKnown(field.name) {
      wrong.append(field.name, WonderForm.unknown(field.name))
    }
    for file in form.files {
      let name = WonderForm.plainName(file.fieldName)
      if WonderForm.fileFields.contains(name) {
        inputs.append(.file(file))
      } else if name == WonderForm.watermarkField, watermark == nil {
        watermark = .file(file)
      } else {
        wrong.append(file.fieldName, "is not a field for a file; files go into files[]")
      }
    }
  }

  /// Frameworks add fields of their own, whose names begin with `_`; a file's field without a file is empty.
  private static func isKnown(_ name: String) -> Bool {
    let plain = plainName(name)
    return WonderJSON.fields.contains(name) || name.hasPrefix("options[") && name.hasSuffix("]") || name.hasPrefix("_")
      || fileFields.contains(plain) || plain == watermarkField
  }

  /// What is said of a field that nobody reads, whose name is somebody's mistake.
  private static func unknown(_ name: String) -> String {
    let option = "options" + (name.firstIndex(of: "[").map { String(name[$0...]) } ?? "[\(name)]")
    let hint = Spelling.hint(name, among: WonderJSON.fields + [option.hasSuffix("]") ? option : "\(option)]"])
    let valid = (WonderJSON.fields + ["options[NAME]", "files[]", watermarkField]).joined(separator: ", ")
    return "is not known\(hint); valid: \(valid)"
  }

  func text(_ name: String) -> String? { fields.text(name) }

  /// `files[3]` is `files[]` with a number.
  private static func plainName(_ field: String) -> String {
    field.contains("[") ? field.filter { !$0.isNumber } : field
  }
}
