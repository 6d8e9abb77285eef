import Archives
import Formats

extension ByteSource {
  /// Gives all bytes in pieces; returns the first of them, by which `Sniffer` tells what they are.
  func forEachPieceSampled(_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> [UInt8] {
    var sample: [UInt8] = []
    try forEachPiece { piece in
      if sample.count < Sniffer.sampleSize { sample += piece.prefix(Sniffer.sampleSize - sample.count) }
      try take(piece)
    }
    return sample
  }
}
