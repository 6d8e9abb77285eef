import Basics

/// What is kept with a job in the words of this API.
struct ConvertlyJobData: Sendable {
  enum Kind: String, Sendable {
    case convert, compress, transfer
    case tool = "media_tool"
  }

  var kind: Kind
  /// The media tool.
  var tool: String?
  /// The workflow that it is a run of, as clients know it.
  var workflow: String?
  /// True when its files were to be kept in the store.
  var saves = false

  init(_ kind: Kind, tool: String? = nil, saves: Bool = false) {
    self.kind = kind
    self.tool = tool
    self.saves = saves
  }

  /// A job without any is a conversion.
  init(_ text: String?) {
    let document = text.flatMap { try? JSONReader.parse($0.utf8) }
    self.init(
      document?["k"]?.string.flatMap(Kind.init(rawValue:)) ?? .convert, tool: document?["t"]?.string,
      saves: document?["s"]?.boolean ?? false)
    workflow = document?["w"]?.string
  }

  var text: String {
    JSONValue.object([
      ("k", .string(kind.rawValue)), ("t", tool.map(JSONValue.string) ?? .null), ("s", .boolean(saves)),
      ("w", workflow.map(JSONValue.string) ?? .null),
    ]).text
  }
}
