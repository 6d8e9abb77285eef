package import Basics

extension ByteFeed {
  /// The line and column, from 1, of the byte at `offset`, found by reading again from the beginning.
  ///
  /// Lines end with LF, CR or both; columns count characters of UTF-8. What was unread is lost, so this is for a reader
  /// that gives up. Throws as `fetch` does.
  package func place(of offset: Int) throws(SystemFailure) -> (line: Int, column: Int) {
    rewind()
    var line = 1
    var column = 1
    var before: UInt8 = 0
    while position < offset, try fetch() {
      let count = min(unread.count, offset - position)
      for byte in unread.prefix(count) {
        if byte == 0x0A || byte == 0x0D {
          if byte == 0x0D || before != 0x0D { line += 1 }
          column = 1
        } else if byte & 0xC0 != 0x80 {
          column += 1
        }
        before = byte
      }
      advance(count)
    }
    return (line, column)
  }

  /// A fault with the place of the byte at `offset`.
  package func fault(_ kind: DataFault.Kind, _ problem: String, at offset: Int) throws(SystemFailure) -> DataFault {
    let place = try place(of: offset)
    return DataFault(kind, problem, line: place.line, column: place.column)
  }
}
