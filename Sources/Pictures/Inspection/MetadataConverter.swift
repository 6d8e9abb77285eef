import Basics
import Formats

/// Makes a JSON document of what a picture file tells about itself, without decoding its pixels.
struct MetadataConverter: Converter {
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile {
    let source = try PictureSource.find(conversion.from, of: files.sources[0])
    let reader = try source.open(files.sources[0], limits, conversion.options)
    let header = reader.header
    try header.check(limits, maxPixels: conversion.maxPixels)
    let resolution = try reader.resolution()?.perInch
    var members: [(name: String, value: JSONValue)] = [
      ("format", .string(source.format.name)), ("width", .integer(Int64(header.width))),
      ("height", .integer(Int64(header.height))), ("colour", .string(header.channels < 3 ? "grey" : "rgb")),
      ("alpha", .boolean(header.channels % 2 == 0)),
      ("dpi", resolution.map { .integer(Int64($0.across)) } ?? .null),
      ("icc", reader.profile.map { .string($0.name) } ?? .null),
    ]
    if let resolution, resolution.down != resolution.across {
      members.append(("dpi_y", .integer(Int64(resolution.down))))
    }
    if let exif = try reader.exif() { members.append(("exif", EXIFFields.read(exif))) }
    let file = ByteOutput(files.output)
    try file.write(JSONValue.object(members).text + "\n")
    return ConvertedFile(size: try file.finish(), width: header.width, height: header.height, warnings: reader.damage)
  }
}
