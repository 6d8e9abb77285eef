import Formats

/// A prefix code made for how often each symbol comes, with a limit on the length of its codes.
struct HuffmanCode {
  /// The bits of each symbol's code; 0 for one that does not come.
  private(set) var lengths: [UInt8]

  /// Makes the code for these counts; `longest` must leave room for all symbols that come, which `1 << longest` does.
  init(counts: some Collection<UInt32>, longest: Int) {
    lengths = [UInt8](repeating: 0, count: counts.count)
    // Sorted by count, with the symbol in the low bits.
    var leaves = counts.enumerated().filter { $1 > 0 }.map { UInt64($1) << 16 | UInt64($0) }
    guard leaves.count > 1 else {
      if let only = leaves.first { lengths[Int(only & 0xFFFF)] = 1 }
      return
    }
    leaves.sort()
    let depths = HuffmanCode.limit(HuffmanCode.depths(leaves.map { $0 >> 16 }), longest)
    for (leaf, depth) in zip(leaves, depths) { lengths[Int(leaf & 0xFFFF)] = depth }
  }

  /// The depth of each leaf in Huffman's tree, for weights in rising order, by two queues.
  private static func depths(_ weights: [UInt64]) -> [Int] {
    let count = weights.count
    var nodes = weights + [UInt64](repeating: 0, count: count - 1)
    var parents = [Int](repeating: 0, count: nodes.count)
    var (leaf, inner) = (0, count)
    for node in count..<nodes.count {
      for _ in 0..<2 {
        let takesLeaf = leaf < count && (inner >= node || nodes[leaf] <= nodes[inner])
        let child = takesLeaf ? leaf : inner
        if takesLeaf { leaf += 1 } else { inner += 1 }
        nodes[node] += nodes[child]
        parents[child] = node
      }
    }
    var depths = [Int](repeating: 0, count: nodes.count)
    for node in stride(from: nodes.count - 2, through: 0, by: -1) { depths[node] = depths[parents[node]] + 1 }
    return Array(depths[..<count])
  }

  /// Cuts depths that are over the limit, and lengthens others until all codes fit again; the rarest come first.
  private static func limit(_ depths: [Int], _ longest: Int) -> [UInt8] {
    var depths = depths.map { min($0, longest) }
    let room = 1 << longest
    var used = depths.reduce(0) { $0 + room >> $1 }
    while used > room {
      // The longest of those that can still grow costs least.
      var best = -1
      for index in depths.indices where depths[index] < longest && (best < 0 || depths[index] > depths[best]) {
        best = index
      }
      depths[best] += 1
      used -= room >> depths[best]
    }
    // What the last step left over goes to the most frequent that it fits, so that no code is left without a meaning.
    for index in depths.indices.reversed() where used < room {
      while depths[index] > 1, used + room >> depths[index] <= room {
        used += room >> depths[index]
        depths[index] -= 1
      }
    }
    return depths.map(UInt8.init)
  }

  /// The codes as RFC 1951 section 3.2.2 numbers them, their first bit lowest, with their length from bit 16 on.
  var codes: [UInt32] {
    var next = [UInt32](repeating: 0, count: 17)
    for length in lengths where length > 0 { next[Int(length) + 1] += 1 }
    for length in 1..<next.count { next[length] = (next[length] + next[length - 1]) << 1 }
    // Above, `next[length]` gathered how many codes are one bit shorter; now it is the first code of that length.
    return lengths.map { length in
      guard length > 0 else { return 0 }
      let code = next[Int(length)]
      next[Int(length)] += 1
      var reversed: UInt32 = 0
      for bit in 0..<UInt32(length) { reversed |= (code >> bit & 1) << (UInt32(length) - 1 - bit) }
      return reversed | UInt32(length) << 16
    }
  }
}
