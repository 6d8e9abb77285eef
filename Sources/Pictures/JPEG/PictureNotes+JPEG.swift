import Formats

extension PictureNotes {
  private static let xmpLabel = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  private static let photoshopLabel = Array("Photoshop 3.0\0".utf8)

  /// The notes in the segments before the first scan.
  init(jpeg input: ByteInput) throws(ConversionFailure) {
    var notes = PictureNotes()
    var resources: [UInt8] = []
    try JPEGSegments.each(in: input) { (segment) throws(ConversionFailure) in
      guard [JPEGSegments.app1, 0xED, 0xFE].contains(segment.marker) else { return true }
      let body = try input.bytes(at: segment.offset + 4, atMost: Int(segment.length) - 4)
      if segment.marker == JPEGSegments.app1, notes.xmp == nil, body.starts(with: PictureNotes.xmpLabel) {
        notes.xmp = Array(body.dropFirst(PictureNotes.xmpLabel.count))
      } else if segment.marker == 0xED, body.starts(with: PictureNotes.photoshopLabel) {
        // One that is too long for a segment goes on in the next.
        resources += body.dropFirst(PictureNotes.photoshopLabel.count)
      } else if segment.marker == 0xFE, notes.texts.count < PictureNotes.mostTexts {
        notes.texts.append(Text(name: "Comment", text: PictureNotes.text(body)))
      }
      return resources.count < PictureNotes.mostBytes
    }
    notes.iptc = IPTC.dataSets(in: resources)
    self = notes
  }

  /// The notes as segments of a JPEG, and whether all of them fit.
  var segments: (bytes: [UInt8], isWhole: Bool) {
    var bytes: [UInt8] = []
    var isWhole = true
    func add(_ marker: UInt8, _ body: [UInt8]) {
      guard body.count <= JPEGSegments.mostBytes else {
        isWhole = false
        return
      }
      bytes += [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
    }
    if let xmp { add(JPEGSegments.app1, PictureNotes.xmpLabel + xmp) }
    if let iptc { add(0xED, PictureNotes.photoshopLabel + IPTC.resources(with: iptc)) }
    for note in texts { add(0xFE, Array((note.name == "Comment" ? note.text : "\(note.name): \(note.text)").utf8)) }
    return (bytes, isWhole)
  }
}
