/// Another source whose bytes are counted.
final class CountedSource: ByteSource {
  private let source: any ByteSource
  private(set) var count = 0

  init(_ source: any ByteSource) { self.source = source }

  func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    let got = try source.read(place)
    count += got
    return got
  }
}
