import Basics
import Formats

extension PictureNotes {
  private static let xmpName = "XML:com.adobe.xmp"
  /// What ImageMagick and others call data of other formats, as hexadecimal text.
  private static let rawName = "Raw profile type "

  /// The notes in the chunks of texts, wherever they stand.
  init(png input: ByteInput) throws(ConversionFailure) {
    var notes = PictureNotes()
    for (name, data) in try PNGChunks.all(["tEXt", "zTXt", "iTXt"], in: input, most: PictureNotes.mostTexts) {
      guard let (keyword, bytes) = PictureNotes.parts(of: data, in: name) else { continue }
      if keyword == PictureNotes.xmpName {
        notes.xmp = notes.xmp ?? bytes
      } else if keyword.hasPrefix(PictureNotes.rawName) {
        guard ["iptc", "8bim"].contains(keyword.dropFirst(PictureNotes.rawName.count)) else { continue }
        notes.iptc = notes.iptc ?? PictureNotes.raw(bytes).flatMap { IPTC.dataSets(in: $0) }
      } else {
        let text = name == "iTXt" ? PictureNotes.text(bytes) : PictureNotes.latin(bytes)
        notes.texts.append(Text(name: keyword, text: text))
      }
    }
    self = notes
  }

  /// The notes as chunks of a PNG without their sums: length, name and data of each.
  var chunks: [UInt8] {
    var bytes: [UInt8] = []
    func add(_ name: String, _ data: [UInt8]) {
      bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: data.count >> $0) } + Array(name.utf8) + data
    }
    func international(_ keyword: String, _ text: [UInt8]) {
      add("iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + text)
    }
    if let xmp { international(PictureNotes.xmpName, xmp) }
    if let iptc {
      let resources = IPTC.resources(with: iptc)
      let text = "\niptc\n\(resources.count)\n\(Hexadecimal.encode(resources))\n"
      add("tEXt", Array("\(PictureNotes.rawName)iptc\0\(text)".utf8))
    }
    for note in texts {
      let scalars = note.text.unicodeScalars
      if scalars.allSatisfy({ (1...255).contains($0.value) }) {
        add("tEXt", Array("\(note.name)\0".utf8) + scalars.map { UInt8(truncatingIfNeeded: $0.value) })
      } else {
        international(note.name, note.text.utf8.filter { $0 != 0 })
      }
    }
    return bytes
  }

  /// A chunk's keyword, of printable ASCII, and its text (PNG third edition, section 11.3.3).
  private static func parts(of data: [UInt8], in name: String) -> (keyword: String, text: [UInt8])? {
    guard let end = data.firstIndex(of: 0), (1...79).contains(end),
      data[..<end].allSatisfy({ (0x20..<0x7F).contains($0) })
    else { return nil }
    let keyword = String(decoding: data[..<end], as: UTF8.self)
    var rest = data[(end + 1)...]
    if name == "tEXt" { return (keyword, Array(rest)) }
    guard let first = rest.popFirst() else { return nil }
    if name == "zTXt" { return first == 0 ? inflate(rest).map { (keyword, $0) } : nil }
    guard rest.popFirst() == 0 else { return nil }
    // The language, and the keyword in it.
    for _ in 0..<2 {
      guard let end = rest.firstIndex(of: 0) else { return nil }
      rest = rest[(end + 1)...]
    }
    return first == 0 ? (keyword, Array(rest)) : inflate(rest).map { (keyword, $0) }
  }

  /// Three lines in front: an empty one, the name and the length.
  private static func raw(_ text: [UInt8]) -> [UInt8]? {
    let lines = text.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
    guard lines.count == 4 else { return nil }
    return Hexadecimal.decode(String(decoding: lines[3].filter { $0 > 0x20 }, as: UTF8.self))
  }

  /// What a zlib stream holds; nil when it is damaged or too long.
  private static func inflate(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    let input = Array(bytes) + [UInt8](repeating: 0, count: Inflater.padding)
    var output = [UInt8](repeating: 0, count: mostBytes + Inflater.slack)
    let inflater = Inflater()
    let count: Int = input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let from = input.baseAddress, let to = output.baseAddress else { return 0 }
        var place = Inflater.Place(input: from, output: to)
        inflater.run(&place, until: from + bytes.count + 8, to + mostBytes, first: to)
        return place.output - to
      }
    }
    return inflater.state == .ended ? Array(output[..<count]) : nil
  }
}
