import Basics
import Formats

/// The fields of EXIF that people ask for, by the names of the standard (EXIF 2.32 section 4.6).
enum EXIFFields {
  private static let names: [Int: String] = [
    0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0112: "Orientation", 0x011A: "XResolution",
    0x011B: "YResolution", 0x0128: "ResolutionUnit", 0x0131: "Software", 0x0132: "DateTime", 0x013B: "Artist",
    0x8298: "Copyright", 0x829A: "ExposureTime", 0x829D: "FNumber", 0x8822: "ExposureProgram",
    0x8827: "ISOSpeedRatings", 0x9000: "ExifVersion", 0x9003: "DateTimeOriginal", 0x9004: "DateTimeDigitized",
    0x9010: "OffsetTime", 0x9204: "ExposureBiasValue", 0x9207: "MeteringMode", 0x9209: "Flash",
    0x920A: "FocalLength", 0xA001: "ColorSpace", 0xA002: "PixelXDimension", 0xA003: "PixelYDimension",
    0xA402: "ExposureMode", 0xA403: "WhiteBalance", 0xA405: "FocalLengthIn35mmFilm", 0xA433: "LensMake",
    0xA434: "LensModel",
  ]
  private static let placeNames: [Int: String] = [
    1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude", 5: "GPSAltitudeRef",
    6: "GPSAltitude", 7: "GPSTimeStamp", 29: "GPSDateStamp",
  ]
  /// More entries than a directory has in any camera's file.
  private static let mostEntries = 256
  private static let mostValues = 64
  private static let longestText = 1024

  /// Every known field of the first directory and those it points at; nothing beyond the bytes is looked at.
  static func read(_ exif: EXIF) -> JSONValue {
    let reader = TIFFReader(exif.bytes)
    guard let reader, let first = reader.number(4, 4) else { return .object([]) }
    var members = fields(reader, first, names)
    for (tag, names) in [(0x8769, names), (0x8825, placeNames)] {
      if let place = pointer(reader, first, tag) { members += fields(reader, place, names) }
    }
    return .object(members)
  }

  private static func entries(_ reader: TIFFReader, _ directory: Int) -> [Int] {
    guard let count = reader.number(directory, 2) else { return [] }
    return (0..<min(count, mostEntries)).map { directory + 2 + $0 * 12 }
  }

  private static func pointer(_ reader: TIFFReader, _ directory: Int, _ tag: Int) -> Int? {
    entries(reader, directory).first { reader.number($0, 2) == tag }.flatMap { reader.number($0 + 8, 4) }
  }

  private static func fields(
    _ reader: TIFFReader, _ directory: Int, _ names: [Int: String]
  ) -> [(name: String, value: JSONValue)] {
    entries(reader, directory).compactMap { entry in
      guard let name = reader.number(entry, 2).flatMap({ names[$0] }), let value = value(reader, entry) else {
        return nil
      }
      return (name, value)
    }
  }

  private static func value(_ reader: TIFFReader, _ entry: Int) -> JSONValue? {
    guard let type = reader.number(entry + 2, 2), let count = reader.number(entry + 4, 4), count > 0,
      let size = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8][type]
    else { return nil }
    let isText = type == 2 || type == 7
    guard count <= (isText ? longestText : mostValues),
      let place = count * size <= 4 ? entry + 8 : reader.number(entry + 8, 4)
    else { return nil }
    if isText {
      guard let bytes = reader.slice(place, count) else { return nil }
      return .string(String(decoding: bytes.filter { (0x20..<0x7F).contains($0) }, as: UTF8.self))
    }
    let values = (0..<count).compactMap { reader.value(place + $0 * size, type) }
    guard values.count == count else { return nil }
    return count == 1 ? values[0] : .array(values)
  }
}
