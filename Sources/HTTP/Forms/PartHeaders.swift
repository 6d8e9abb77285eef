/// Collects the header fields of one part; the first Content-Disposition counts and a second is refused.
struct PartHeaders {
  private var count = 0
  private var disposition: FormDisposition?
  private var contentType: String?
  private(set) var decoder: TransferDecoder?

  mutating func read(_ line: UnsafeRawBufferPointer, most: Int) throws(HTTPFailure) {
    count += 1
    guard count <= most else { throw .badForm("a part has more than \(most) header lines") }
    let field: FieldLine
    do {
      field = try FieldLine(line, 0..<line.count)
    } catch {
      throw .badForm("a header line of a part is not a name, a colon and a value")
    }
    let value = UnsafeRawBufferPointer(rebasing: line[field.value])
    if line.equals("content-disposition", in: field.name) {
      guard disposition == nil else { throw .badForm("a part has two Content-Disposition lines") }
      disposition = try FormDisposition(value)
    } else if line.equals("content-type", in: field.name) {
      guard contentType == nil else { throw .badForm("a part has two Content-Type lines") }
      contentType = value.text(0..<value.count)
    } else if line.equals("content-transfer-encoding", in: field.name) {
      decoder = try TransferDecoder.named(value.text(0..<value.count).lowercased())
    }
  }

  /// The part, when its header is over.
  func part() throws(HTTPFailure) -> MultipartPart {
    guard let name = disposition?.name else { throw .badForm("a part has no name") }
    return MultipartPart(name: name, fileName: disposition?.fileName, contentType: contentType)
  }
}
