import Basics
import Engine
import HTTP
import Storage

/// What a file tells about itself, in the members that the vendor's page has.
struct ConvertlyInspection: Sendable {
  private static let mostBytes: Int64 = 16 << 20

  let parts: DialectParts

  /// "media{filename,mimeType,sizeBytes,kind,format,width,height,duration,bitrateKbps,streams[]}"; blocks.
  func media(_ job: WholeJob) throws -> JSONValue {
    guard let output = job.outputs.first, let source = job.inputs.first else { throw Refusal.unknownFile }
    let path = parts.jobs.store.blobs.path(output.output.blob)
    let text = try FileBytes.read(path, atMost: Int(min(output.size, ConvertlyInspection.mostBytes)))
    let told = (try? JSONReader.parse(text)) ?? .null
    let format = told["format"]?.string ?? Self.find(["FileType"], in: told)?.string?.lowercased()
    let named = format.flatMap { parts.jobs.formats.category(of: $0) }
    let name = named?.name ?? (source.input.format ?? job.job.sourceFormat)
    let size = source.input.size ?? 0
    let duration = Self.find(["Duration", "MediaDuration", "TrackDuration"], in: told).flatMap(Self.seconds)
    func side(_ words: [String]) -> JSONValue { Self.find(words, in: told) ?? .null }
    var streams: [JSONValue] = []
    if let codec = Self.find(["CompressorID", "VideoCodecID", "CodecID"], in: told) {
      streams.append(.object([("type", .string("video")), ("codec", codec)]))
    }
    if let codec = Self.find(["AudioFormat", "AudioCodecID"], in: told) {
      streams.append(.object([("type", .string("audio")), ("codec", codec)]))
    }
    return .object([
      ("filename", .string(source.input.fileName)), ("mimeType", .string(parts.jobs.formats.mediaType(of: name))),
      ("sizeBytes", .integer(size)), ("kind", .string(named?.category ?? "other")), ("format", .string(name)),
      ("width", side(["width", "ImageWidth", "SourceImageWidth"])),
      ("height", side(["height", "ImageHeight", "SourceImageHeight"])),
      ("duration", duration.map(JSONValue.number) ?? .null),
      (
        "bitrateKbps",
        // A file may say that it is as short as it likes.
        duration.map { $0 > 0 ? .integer(Int64(min(1e15, Double(size) * 8 / 1000 / $0))) : .null } ?? .null
      ),
      ("streams", .array(streams)), ("metadata", told),
    ])
  }

  /// The first of these members, at the top or in one of the groups.
  private static func find(_ names: [String], in document: JSONValue) -> JSONValue? {
    for name in names {
      if let value = document[name] { return value }
      for (_, group) in document.members ?? [] {
        if let value = group[name] { return value }
      }
    }
    return nil
  }

  /// "12.34 s" or "0:01:05", sometimes with "(approx)" behind it.
  private static func seconds(_ value: JSONValue) -> Double? {
    if let number = value.decimal { return number }
    guard let text = value.string?.split(separator: " ").first else { return nil }
    let parts = text.split(separator: ":").map { Double($0) }
    return parts.contains(nil) ? nil : parts.reduce(0) { $0 * 60 + ($1 ?? 0) }
  }
}
