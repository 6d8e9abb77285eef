import Basics
import Formats

/// What a worker process is told once, before it forks its first child.
struct WorkerSettings: Sendable, Equatable {
  var limits: ConversionLimits
  /// Layers of the sandbox to leave out, to see that the others hold alone.
  var masked: Set<SandboxLayer>
  /// Whether it is to do all that many jobs gain by, and a single one only waits for.
  var rehearses = true

  var json: JSONValue {
    .object([
      ("max_pixels", .integer(Int64(limits.maxPixels))), ("max_side", .integer(Int64(limits.maxSide))),
      ("max_output_bytes", .integer(limits.maxOutputBytes)), ("memory_bytes", .integer(limits.memoryBytes)),
      ("cpu_seconds", .integer(Int64(limits.cpuSeconds))), ("png", .string(limits.pngCodec.rawValue)),
      ("masked", .array(masked.map(\.rawValue).sorted().map { .string($0) })), ("rehearses", .boolean(rehearses)),
    ])
  }
}

extension WorkerSettings {
  init?(_ document: JSONValue) {
    guard let pixels = document["max_pixels"]?.integer, let side = document["max_side"]?.integer,
      let output = document["max_output_bytes"]?.integer, let memory = document["memory_bytes"]?.integer,
      let seconds = document["cpu_seconds"]?.integer, let masked = document["masked"]?.array,
      let codec = document["png"]?.string.flatMap(PNGCodec.init), case .boolean(let rehearses)? = document["rehearses"]
    else { return nil }
    var limits = ConversionLimits()
    limits.maxPixels = Int(pixels)
    limits.maxSide = Int(side)
    limits.maxOutputBytes = output
    limits.memoryBytes = memory
    limits.cpuSeconds = Int(seconds)
    limits.pngCodec = codec
    self.init(
      limits: limits, masked: Set(masked.compactMap { $0.string.flatMap(SandboxLayer.init) }), rehearses: rehearses)
  }
}
