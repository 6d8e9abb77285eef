import Basics
import Engine

/// One of the tools for pictures, films and sounds: what it takes, what its fields mean, and what it makes.
struct ConvertlyTool: Sendable {
  /// A field of a form that is an option here.
  struct Field: Sendable {
    enum Kind: Sendable {
      case whole(ClosedRange<Int>)
      case decimal(ClosedRange<Double>)
      /// From 0 to 1, of which the option takes percent.
      case share
      case word([String])
      case flag
    }

    let name: String
    let option: String
    let kind: Kind
    let usual: String?

    init(_ name: String, _ option: String? = nil, _ kind: Kind, _ usual: String? = nil) {
      self.name = name
      self.option = option ?? name
      self.kind = kind
      self.usual = usual
    }
  }

  /// What takes more than a field for an option; it throws refusals.
  typealias Finish =
    @Sendable (
      _ options: inout [String: String], _ fields: inout ConvertlyFields, _ input: ConvertlyInput
    ) throws -> Void

  let name: String
  /// The kinds of files that it takes; empty for all.
  var kinds: [String] = []
  /// What it makes, the usual first; empty for what the file is.
  var formats: [String] = []
  /// True when it makes what the file is unless one of `formats` is asked for.
  var staysWhatItIs = false
  var fields: [Field] = []
  var fixed: [String: String] = [:]
  /// An option without which there is no such tool, and the Debian package that has it.
  var needs: (option: String, package: String)?
  /// True when all files become one.
  var gathers = false
  var takesOverlay = false
  var finish: Finish = { _, _, _ in }

  /// The fields of a form as options, those that nobody has sent as they usually are.
  func options(_ fields: inout ConvertlyFields, _ input: ConvertlyInput) throws -> [String: String] {
    var options = fixed
    for field in self.fields {
      let value: String?
      switch field.kind {
      case .whole(let range): value = fields.whole(field.name, range).map(String.init)
      case .decimal(let range): value = fields.decimal(field.name, range).map { JSONValue.number($0).text }
      case .share: value = fields.decimal(field.name, 0...1).map { String(Int(($0 * 100).rounded())) }
      case .word(let words): value = fields.word(field.name, of: words)
      case .flag: value = fields.flag(field.name).map(String.init)
      }
      if let value = value ?? field.usual { options[field.option] = value }
    }
    try finish(&options, &fields, input)
    return options
  }
}
