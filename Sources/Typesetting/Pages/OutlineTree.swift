/// Headings of several levels as a tree: each belongs to the one before it that stands higher.
struct OutlineTree {
  struct Node {
    var parent: Int?
    var previous: Int?
    var next: Int?
    var first: Int?
    var last: Int?
    /// How many stand below it, at any depth.
    var count = 0
  }

  private(set) var nodes: [Node]
  private(set) var first: Int?
  private(set) var last: Int?

  init(_ levels: [Int]) {
    nodes = levels.map { _ in Node() }
    var open: [Int] = []
    for place in levels.indices {
      while let top = open.last, levels[top] >= levels[place] { open.removeLast() }
      let parent = open.last
      let previous = parent.map { nodes[$0].last } ?? last
      nodes[place].parent = parent
      nodes[place].previous = previous
      if let previous { nodes[previous].next = place }
      if let parent {
        nodes[parent].first = nodes[parent].first ?? place
        nodes[parent].last = place
      } else {
        first = first ?? place
        last = place
      }
      for one in open { nodes[one].count += 1 }
      open.append(place)
    }
  }
}
