import Basics

/// The body of a request, read piece by piece from the connection that brings it.
///
/// `@unchecked Sendable`: it belongs to the task of its connection; only that task and its children may read it, one at
/// a time.
package final class RequestBody: @unchecked Sendable {
  private enum State {
    case reading, complete
    case failed(HTTPFailure)
  }

  /// What is still to come when the handler is done.
  enum Leftover: Equatable {
    case nothing
    case known(Int64)
    case unknown
  }

  /// The Content-Length; nil when the body is chunked.
  package let declaredLength: Int64?
  /// The bytes handed over so far.
  package private(set) var received: Int64 = 0
  /// After so many pieces the other connections of the loop get their turn, however few bytes they were.
  private static let turn = 512
  private var pieces = 0
  /// The most bytes that are taken.
  private var limit = Int64.max

  private let buffer: ReadBuffer
  private let source: BodySource?
  private var state = State.reading
  private var chunks: ChunkedCoding?

  /// A body that is all there, for handlers called without a connection.
  package init(bytes: [UInt8] = []) {
    declaredLength = Int64(bytes.count)
    buffer = ReadBuffer(capacity: bytes.count)
    buffer.append(bytes)
    source = nil
    if bytes.isEmpty { state = .complete }
  }

  /// No body: one for all requests, since nothing about it ever changes.
  package static let none = RequestBody()

  /// Reads on from what `buffer` holds already.
  init(_ framing: RequestHead.Framing, buffer: ReadBuffer, source: BodySource?) {
    self.buffer = buffer
    self.source = source
    switch framing {
    case .length(let length):
      declaredLength = length
      if length == 0 { state = .complete }
    case .chunked:
      declaredLength = nil
      chunks = ChunkedCoding()
    }
  }

  /// Hands the next piece to `consume` and returns true, or returns false at the end of the body.
  ///
  /// The bytes are valid inside `consume` only. Throws `HTTPFailure` 400, 408 or 413, then the same one again.
  package func readChunk(_ consume: (UnsafeRawBufferPointer) throws -> Void) async throws
    -> Bool
  {
    while true {
      switch state {
      case .complete: return false
      case .failed(let failure): throw failure
      case .reading: break
      }
      pieces &+= 1
      if pieces.isMultiple(of: RequestBody.turn) { await Task.yield() }
      do {
        if let piece = try nextPiece() {
          guard received + Int64(piece.count) <= limit else { throw HTTPFailure.tooLarge(limit: limit) }
          received += Int64(piece.count)
          defer { finishPiece(piece.count) }
          try consume(piece)
          return true
        }
        if case .complete = state { return false }
        guard let source else { throw HTTPFailure.disconnected }
        try await source.fill(buffer, expected: declaredLength.map { $0 - received })
      } catch let failure as HTTPFailure {
        if case .reading = state { state = .failed(failure) }
        throw failure
      }
    }
  }

  /// The next piece as an array; nil at the end.
  package func next() async throws -> [UInt8]? {
    var piece: [UInt8] = []
    return try await readChunk { piece = Array($0) } ? piece : nil
  }

  /// The whole body; throws 413 when it has more bytes than `most`.
  package func collect(atMost most: Int) async throws -> [UInt8] {
    if let declaredLength, declaredLength > most { throw HTTPFailure.tooLarge(limit: Int64(most)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(declaredLength ?? 0))
    while try await readChunk({ piece in
      guard bytes.count + piece.count <= most else { throw HTTPFailure.tooLarge(limit: Int64(most)) }
      bytes.append(contentsOf: piece)
    }) {}
    return bytes
  }

  /// Takes at most so many bytes; said by the router before anything is read.
  func take(limit: Int64) {
    if case .reading = state { self.limit = limit }
  }

  private func nextPiece() throws -> UnsafeRawBufferPointer? {
    guard chunks != nil else {
      let count = min(Int64(buffer.count), (declaredLength ?? 0) - received)
      return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer.bytes[..<Int(count)])
    }
    var offset = 0
    let bytes = buffer.bytes
    switch try chunks?.next(bytes, from: &offset) {
    case .data(let range):
      buffer.consume(range.lowerBound)
      return UnsafeRawBufferPointer(rebasing: bytes[range])
    case .end: state = .complete
    case .more, nil: break
    }
    buffer.consume(offset)
    return nil
  }

  private func finishPiece(_ count: Int) {
    buffer.consume(count)
    if chunks == nil && received == declaredLength { state = .complete }
  }

  var leftover: Leftover {
    switch state {
    case .complete: .nothing
    case .failed: .unknown
    case .reading:
      if let declaredLength, source?.awaitsContinue != true { .known(declaredLength - received) } else { .unknown }
    }
  }

  /// Ends the body's hold on the connection.
  func finish() {
    if case .reading = state { state = .failed(.disconnected) }
  }

  /// Reads and drops the rest.
  func drain() async throws {
    while try await readChunk({ _ in }) {}
  }
}
