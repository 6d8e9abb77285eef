import Basics
import Formats

/// A hash that is fed in pieces.
protocol StreamHash {
  mutating func update(_ bytes: UnsafeRawBufferPointer)
  mutating func finish() -> [UInt8]
}

extension SHA256: StreamHash {}
