/// An array or object inside a row, gathered as JSON.
struct CSVNestedValue {
  private let text: TextMemory
  private let drain: ByteDrain
  var writer: JSONDocumentWriter

  init(_ limits: DataLimits) {
    let text = TextMemory()
    self.text = text
    drain = ByteDrain { bytes in
      guard text.count + bytes.count <= limits.token else {
        throw DataFault(.tooLarge, "a value inside a row has more than \(limits.token >> 20) MB")
      }
      text.append(bytes)
    }
    writer = JSONDocumentWriter(drain, layout: .compact)
  }

  mutating func begin() { text.removeAll() }

  /// The whole text, true until the next begins.
  func finished() throws -> UnsafeRawBufferPointer {
    try drain.flush()
    return text.bytes
  }
}
