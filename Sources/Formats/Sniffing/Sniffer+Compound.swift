import Basics

extension Sniffer {
  /// The streams by which a document of old Office programs is told ([MS-CFB] 2.6.1, and the pages of each program).
  private static let streams: [(name: String, type: Sniffed)] = [
    (
      "EncryptedPackage",
      Sniffed(
        name: Sniffed.locked, description: "an Office document that is protected by a password",
        candidates: [.docx, .xlsx, .pptx])
    ),
    ("WordDocument", Sniffed(name: "doc", description: "a Word 97 document")),
    ("Workbook", Sniffed(name: "xls", description: "an Excel 97 workbook")),
    ("Book", Sniffed(name: "xls", description: "an Excel 95 workbook")),
    ("PowerPoint Document", Sniffed(name: "ppt", description: "a PowerPoint 97 presentation")),
    ("__properties_version1.0", Sniffed(name: "msg", description: "an Outlook message")),
  ]
  private static let mostSectors = 64

  /// Looks at the names in the directory of a compound file; every place is compared with the file by what is read there.
  static func compound(ofFile file: Int32) throws(SystemFailure) -> Sniffed {
    let unknown = Sniffed(name: "ole", description: "an old Office document of an unknown kind")
    let header = try ZIPDirectory.bytes(file, at: 0, 512)
    guard header.count == 512, [9, 12].contains(header[30]) else { return unknown }
    let sector = 1 << Int(header[30])
    func number(_ bytes: [UInt8], _ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) } }
    var next = number(header, 48)
    var names: Set<String> = []
    for _ in 0..<mostSectors where next < 0xFFFF_FFF0 {
      let entries = try ZIPDirectory.bytes(file, at: Int64(next + 1) * Int64(sector), sector)
      guard entries.count == sector else { break }
      for start in stride(from: 0, to: sector, by: 128) {
        let length = min(Int(entries[start + 64]), 64) / 2
        let units = (0..<max(0, length - 1)).map { unit in
          UInt16(entries[start + unit * 2]) | UInt16(entries[start + unit * 2 + 1]) << 8
        }
        names.insert(String(decoding: units, as: UTF16.self))
      }
      // The table of sectors whose place stands in the header; larger files have more, and their first is enough here.
      let table = number(header, 76 + 4 * min(next / (sector / 4), 108))
      let link = try ZIPDirectory.bytes(file, at: Int64(table + 1) * Int64(sector) + Int64(next % (sector / 4) * 4), 4)
      guard link.count == 4 else { break }
      next = number(link, 0)
    }
    return streams.first { names.contains($0.name) }?.type ?? unknown
  }
}
