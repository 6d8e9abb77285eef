import Formats

/// The few things that are done to a packet of XMP, which is otherwise handed on as it is.
enum XMP {
  private static let head =
    "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
    + "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
    + "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
  private static let tail = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"

  /// The packet with the orientation of a picture that has been turned upright, so that nobody turns it once more.
  static func upright(_ packet: [UInt8]) -> [UInt8] {
    var packet = packet
    for opening in ["tiff:Orientation=\"", "tiff:Orientation='", "<tiff:Orientation>"] {
      var start = 0
      while let place = find(Array(opening.utf8), in: packet, from: start) {
        start = place + opening.utf8.count
        if start < packet.count, (0x31...0x38).contains(packet[start]) { packet[start] = 0x31 }
      }
    }
    return packet
  }

  /// A packet of the elements that name the rights and the author; nil when there are none.
  static func copyright(of packet: [UInt8]) -> [UInt8]? {
    var found: [UInt8] = []
    for name in ["dc:rights", "dc:creator"] {
      let (opening, closing) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
      guard let start = find(opening, in: packet, from: 0), let end = find(closing, in: packet, from: start) else {
        continue
      }
      found += packet[start..<end + closing.count]
    }
    return found.isEmpty ? nil : Array(head.utf8) + found + Array(tail.utf8)
  }

  private static func find(_ word: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard start <= bytes.count - word.count else { return nil }
    return (start...bytes.count - word.count).first { bytes[$0] == word[0] && bytes[$0...].starts(with: word) }
  }
}
