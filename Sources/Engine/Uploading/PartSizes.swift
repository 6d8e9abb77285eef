/// How outputs are cut for stores that take them in parts, in bytes.
package struct PartSizes: Sendable {
  package static let usual = PartSizes(whole: 64 << 20, part: 16 << 20)
  /// Parts of one object (Amazon S3, "Multipart upload limits").
  private static let most: Int64 = 10_000

  /// What is larger goes in parts.
  let whole: Int64
  private let part: Int64

  package init(whole: Int64, part: Int64) {
    self.whole = whole
    self.part = part
  }

  /// Bytes of each part but the last; more than usual where there would be too many.
  func part(of size: Int64) -> Int64 { max(part, (size + PartSizes.most - 1) / PartSizes.most) }
}
