import Basics
import Formats

/// What a child is asked; a conversion comes with its sources, an overlay when it has one, and its output.
enum ChildRequest {
  /// A child that stays waits for another request once this one has succeeded.
  case convert(Conversion, hasOverlay: Bool, mostBytes: Int64, stays: Bool)
  case probe

  var json: JSONValue {
    switch self {
    case .probe: .object([("probe", .boolean(true))])
    case .convert(let conversion, let hasOverlay, let mostBytes, let stays):
      .object([
        ("conversion", conversion.json), ("overlay", .boolean(hasOverlay)), ("most_bytes", .integer(mostBytes)),
        ("stays", .boolean(stays)),
      ])
    }
  }

  init?(_ document: JSONValue) {
    if document["probe"]?.boolean == true {
      self = .probe
      return
    }
    guard let conversion = document["conversion"].flatMap({ Conversion($0, among: .standard) }),
      let hasOverlay = document["overlay"]?.boolean,
      let mostBytes = document["most_bytes"]?.integer, mostBytes > 0, let stays = document["stays"]?.boolean
    else { return nil }
    self = .convert(conversion, hasOverlay: hasOverlay, mostBytes: mostBytes, stays: stays)
  }
}

/// What a child tells; it may have been taken over by its input, so every value is bounded when it is read.
enum ChildReport {
  case ready([SandboxLayer])
  case progress(Int)
  case done(ConversionOutcome)
  case probed(SandboxProbe)
  case failed(ConversionFailure)

  var json: JSONValue {
    switch self {
    case .ready(let layers): .object([("ready", .array(layers.map { .string($0.rawValue) }))])
    case .progress(let percent): .object([("progress", .integer(Int64(percent)))])
    case .probed(let probe): .object([("probed", probe.json)])
    case .failed(let failure):
      .object([
        ("failed", .string(failure.code.rawValue)), ("message", .string(failure.message)),
        ("excess", ChildReport.json(failure.excess)), ("of_maker", .boolean(failure.isOfMaker)),
      ])
    case .done(let outcome):
      .object([
        ("size", .integer(outcome.size)), ("width", outcome.width.map { .integer(Int64($0)) } ?? .null),
        ("height", outcome.height.map { .integer(Int64($0)) } ?? .null),
        ("sha256", .string(Hexadecimal.encode(outcome.sha256))),
        ("warnings", ConversionWarning.text(outcome.warnings).map(JSONValue.string) ?? .null),
        ("list", outcome.list.map(JSONValue.integer) ?? .null),
      ])
    }
  }

  init?(_ document: JSONValue) {
    if let layers = document["ready"]?.array {
      self = .ready(layers.compactMap { $0.string.flatMap(SandboxLayer.init) })
    } else if let percent = document["progress"]?.integer, (0...100).contains(percent) {
      self = .progress(Int(percent))
    } else if let probe = document["probed"].flatMap(SandboxProbe.init) {
      self = .probed(probe)
    } else if let code = document["failed"]?.string.flatMap(ConversionFailure.Code.init),
      let message = document["message"]?.string
    {
      self = .failed(
        ConversionFailure(
          code, ChildReport.sentence(message), excess: document["excess"].flatMap(ChildReport.excess),
          isOfMaker: document["of_maker"]?.boolean ?? false))
    } else if let outcome = ChildReport.outcome(document) {
      self = .done(outcome)
    } else {
      return nil
    }
  }

  /// A number of bytes, or true for one that is not known.
  private static func json(_ excess: ConversionFailure.Excess?) -> JSONValue {
    switch excess {
    case .known(let bytes): .integer(bytes)
    case .unknown: .boolean(true)
    case nil: .null
    }
  }

  private static func excess(_ value: JSONValue) -> ConversionFailure.Excess? {
    if let bytes = value.integer { return bytes > 0 ? .known(bytes) : nil }
    return value.boolean == true ? .unknown : nil
  }

  static func outcome(_ document: JSONValue, least: Int64 = 1) -> ConversionOutcome? {
    let sides = Int64(1)...Int64(ConversionLimits.longestSide)
    let (width, height) = (document["width"]?.integer, document["height"]?.integer)
    guard let size = document["size"]?.integer, size >= least, width.map(sides.contains) ?? true,
      height.map(sides.contains) ?? true, (width == nil) == (height == nil),
      let hash = document["sha256"]?.string.flatMap({ Hexadecimal.decode($0) }), hash.count == 32
    else { return nil }
    let list = document["list"]?.integer
    guard list.map({ (0..<size).contains($0) }) ?? true else { return nil }
    // Words of the list only, each once.
    return ConversionOutcome(
      size: size, width: width.map { Int($0) }, height: height.map { Int($0) }, sha256: hash,
      warnings: ConversionWarning.list(document["warnings"]?.string ?? ""), list: list)
  }

  /// Clients see this text: it is cut, and only printable ASCII is kept.
  private static func sentence(_ text: String) -> String {
    String(decoding: text.utf8.lazy.filter { (0x20..<0x7F).contains($0) }.prefix(300), as: UTF8.self)
  }
}
