/// The footnotes that a text refers to, by the places of their blocks, in the order of the first references.
final class FootnoteOrder {
  private(set) var blocks: [Int] = []
  private var numbers: [Int: Int] = [:]

  /// The number that a footnote has from its first reference on, from 1.
  func number(of block: Int) -> Int {
    if let number = numbers[block] { return number }
    blocks.append(block)
    numbers[block] = blocks.count
    return blocks.count
  }
}
