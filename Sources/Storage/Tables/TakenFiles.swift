/// Files whose rows are forgotten: their blobs, to be removed after the commit, and their bytes together.
package struct TakenFiles: Sendable, Equatable {
  package private(set) var blobs: [String] = []
  package private(set) var bytes: Int64 = 0

  package init() {}

  mutating func add(_ blob: String, _ size: Int64) {
    blobs.append(blob)
    bytes += size
  }

  package static func + (left: TakenFiles, right: TakenFiles) -> TakenFiles {
    var sum = left
    sum.blobs += right.blobs
    sum.bytes += right.bytes
    return sum
  }
}
