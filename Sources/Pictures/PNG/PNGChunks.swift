import CImage
import Formats

/// The chunks of a PNG file (PNG third edition, section 5).
enum PNGChunks {
  /// As many as a large picture has in small pieces of pixels.
  static let most = 65_536
  static let mostBytes = 1 << 20
  /// No chunk is longer of those that `beforeData` is asked for.
  private static let longestShort: Int64 = 64

  /// The data of the first chunk with this name, wherever it stands; nil when there is none of sane size with a sum that
  /// is right.
  static func first(_ name: String, in input: ByteInput) throws(ConversionFailure) -> [UInt8]? {
    var offset: Int64 = 8
    for _ in 0..<most {
      let head = try input.bytes(at: offset, atMost: 8)
      guard head.count == 8 else { return nil }
      let length = head[..<4].reduce(0) { $0 << 8 | Int64($1) }
      if head[4...].elementsEqual(name.utf8) {
        guard length <= mostBytes else { return nil }
        return try whole(head, at: offset, length, in: input)
      }
      guard !head[4...].elementsEqual("IEND".utf8) else { return nil }
      offset += 12 + length
    }
    return nil
  }

  /// The data of chunks with these names, wherever they stand, in their order; those that are too long or damaged are left
  /// out.
  static func all(
    _ names: [String], in input: ByteInput, most: Int
  ) throws(ConversionFailure) -> [(name: String, data: [UInt8])] {
    var found: [(name: String, data: [UInt8])] = []
    var offset: Int64 = 8
    for _ in 0..<PNGChunks.most where found.count < most {
      let head = try input.bytes(at: offset, atMost: 8)
      guard head.count == 8, !head[4...].elementsEqual("IEND".utf8) else { break }
      let length = head[..<4].reduce(0) { $0 << 8 | Int64($1) }
      if length <= mostBytes, let name = names.first(where: { head[4...].elementsEqual($0.utf8) }),
        let data = try whole(head, at: offset, length, in: input)
      {
        found.append((name, data))
      }
      offset += 12 + length
    }
    return found
  }

  /// The data of short chunks before the pixels, the first of each name.
  static func beforeData(_ names: [String], in input: ByteInput) throws(ConversionFailure) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    var offset: Int64 = 8
    for _ in 0..<1024 {
      let head = try input.bytes(at: offset, atMost: 8)
      guard head.count == 8, !head[4...].elementsEqual("IDAT".utf8) else { break }
      let length = head[..<4].reduce(0) { $0 << 8 | Int64($1) }
      if length <= longestShort, let name = names.first(where: { head[4...].elementsEqual($0.utf8) }),
        found[name] == nil
      {
        found[name] = try whole(head, at: offset, length, in: input)
      }
      offset += 12 + length
    }
    return found
  }

  /// The data of a chunk of which the first eight bytes are known; nil when it is cut or its sum is wrong, for what it says
  /// may then be anything.
  private static func whole(
    _ head: [UInt8], at offset: Int64, _ length: Int64, in input: ByteInput
  ) throws(ConversionFailure) -> [UInt8]? {
    let rest = try input.bytes(at: offset + 8, atMost: Int(length) + 4)
    guard rest.count == length + 4 else { return nil }
    let data = Array(rest.dropLast(4))
    let sum = cimage_crc(cimage_crc(0, Array(head[4...]), 4), data, data.count)
    return rest.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } == sum ? data : nil
  }

  /// Some writers put the label of JPEG's segment before the TIFF structure.
  static func exif(in input: ByteInput) throws(ConversionFailure) -> EXIF? {
    guard let data = try first("eXIf", in: input) else { return nil }
    return EXIF(data.starts(with: "Exif\0\0".utf8) ? data.dropFirst(6) : data[...])
  }

  /// The resolution in the pHYs chunk, when it is in metres.
  static func resolution(in input: ByteInput) throws(ConversionFailure) -> Resolution? {
    guard let data = try first("pHYs", in: input), data.count == 9, data[8] == 1 else { return nil }
    func number(_ place: Int) -> Int { data[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    return Resolution(number(0), number(4), per: .metre)
  }
}
