import Basics
import Formats

/// What qpdf is asked for in one call, as its own job document: everybody on the machine may see a command line, and no
/// text of a client's can be taken for an option there.
struct QPDFOrder {
  static let program = Program("qpdf", package: "qpdf")

  private var members: [(name: String, value: JSONValue)] = [("noWarn", .string(""))]

  mutating func set(_ name: String, _ text: String = "") { members.append((name, .string(text))) }

  mutating func set(_ name: String, _ value: JSONValue) { members.append((name, value)) }

  /// Opens one document.
  mutating func open(_ file: String, password: String?) {
    set("inputFile", file)
    if let password { set("password", password) }
  }

  /// The call number `number` in its folder.
  func call(_ number: Int, files: [String: [UInt8]] = [:]) -> ToolCall {
    let name = "order-\(number)"
    let order = [name: Array(JSONValue.object(members).text.utf8)]
    return ToolCall(
      QPDFOrder.program, arguments: ["--job-json-file=\(name)"], files: files.merging(order) { $1 })
  }

  /// Throws what a client is told of a call that has failed.
  static func check(_ end: ToolEnd) throws(ConversionFailure) {
    // 3 is what was mended on the way.
    guard end.code != 0 && end.code != 3 else { return }
    if end.words.contains("invalid password") { throw .lockedDocument }
    if end.words.contains("out of range") || end.words.contains("page range") {
      throw ConversionFailure(.unsupportedConversion, "the document does not have the pages that were asked for")
    }
    if end.words.contains("bad_alloc") || end.words.contains("out of memory") { throw .outOfMemory }
    throw ConversionFailure(.damagedFile, "the document is damaged, or not one that qpdf reads")
  }
}

extension ConversionFailure {
  static let lockedDocument = ConversionFailure(
    .passwordRequired, "the document is protected, and the password for it is missing or wrong")
}
