import Basics

/// Sorts the events of a multipart body into text fields and spool files.
final class FormReader {
  private(set) var form = UploadForm()
  /// How many parts have begun.
  private(set) var parts = 0
  private let spool: Spool
  private let room: SpoolFile.Room?
  private let limits: MultipartLimits
  private let entropy: Entropy
  private var writer: SpoolWriter?
  private var fieldName = ""
  private var text: [UInt8] = []
  private var textTotal = 0

  init(spool: Spool, room: SpoolFile.Room? = nil, limits: MultipartLimits, entropy: Entropy) {
    self.room = room
    self.spool = spool
    self.limits = limits
    self.entropy = entropy
  }

  func handle(_ event: Multipart.Event) throws {
    switch event {
    case .part(let part):
      parts += 1
      guard CombiningMarks.areFew(in: part.name), CombiningMarks.areFew(in: part.fileName ?? "") else {
        throw HTTPFailure.badForm("a name has more than \(CombiningMarks.most) combining marks in a row")
      }
      fieldName = part.name
      text = []
      writer = part.fileName == nil ? nil : try SpoolWriter(part, in: spool, room: room, entropy: entropy)
    case .data(let bytes):
      if let writer {
        try writer.write(bytes)
      } else {
        try append(bytes)
      }
    case .endOfPart:
      if let writer {
        let file = try writer.finish()
        self.writer = nil
        // What a browser sends for a file input that was left empty (WHATWG HTML, constructing the form data set).
        if file.size > 0 || !file.fileName.isEmpty { form.add(file) }
        return
      }
      guard let value = String(validating: text, as: UTF8.self) else {
        throw HTTPFailure.badForm("the field \(fieldName.prefix(64)) is not UTF-8")
      }
      guard CombiningMarks.areFew(in: value) else {
        throw HTTPFailure.badForm("a field has more than \(CombiningMarks.most) combining marks in a row")
      }
      form.add(fieldName, value)
    }
  }

  private func append(_ bytes: UnsafeRawBufferPointer) throws {
    textTotal += bytes.count
    guard text.count + bytes.count <= limits.textField else {
      throw HTTPFailure.tooLarge(limit: Int64(limits.textField))
    }
    guard textTotal <= limits.textFields else { throw HTTPFailure.tooLarge(limit: Int64(limits.textFields)) }
    text.append(contentsOf: bytes)
  }
}
