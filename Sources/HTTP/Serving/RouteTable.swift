/// The routes as a tree of path segments; a literal segment wins over a parameter.
struct RouteTable: Sendable {
  struct Row: Sendable {
    let route: Route
    let group: Int
    /// The names of the pattern's parameters in their order.
    let names: [String]
  }

  /// A path that has routes, with the parameter values found on the way to it.
  struct Place {
    let rows: [Row]
    let values: [String]

    /// Whose words a refusal of the method has: those of the row that takes what no other does, and not of the one that
    /// only tells browsers what is there.
    var group: Int {
      (rows.last { $0.route.accepts == nil && $0.route.method != .options } ?? rows[0]).group
    }

    func parameters(of row: Row) -> [String: String] {
      values.isEmpty ? [:] : Dictionary(zip(row.names, values), uniquingKeysWith: { first, _ in first })
    }

    /// The row for a method; HEAD is answered by GET's.
    func row(for method: Method) -> Row? {
      let row = own(method)
      return row == nil && method == .head ? own(.get) : row
    }

    /// Those that choose by their parameters come before the one that takes the rest.
    private func own(_ method: Method) -> Row? {
      rows.first { row in
        guard row.route.method == method else { return false }
        return row.route.accepts.map { $0(parameters(of: row)) } ?? true
      }
    }

    /// True when the method has rows and none of them is meant.
    func isForeign(to method: Method) -> Bool {
      let names = method == .head ? [.head, .get] : [method]
      return rows.contains { names.contains($0.route.method) }
    }

    /// The value of an Allow field.
    var allow: String {
      var methods = Set(rows.map(\.route.method))
      if methods.contains(.get) { methods.insert(.head) }
      methods.insert(.options)
      return Method.allCases.filter(methods.contains).map(\.rawValue).joined(separator: ", ")
    }
  }

  /// A step from one node of the tree to the next by a literal segment.
  private struct Edge: Hashable {
    let node: Int
    let segment: Substring
  }

  private var literals: [Edge: Int] = [:]
  /// The node behind a parameter, by node; 0 for none, since nothing leads back to the root.
  private var parameters = [0]
  private var rows: [[Row]] = [[]]
  /// Nodes of patterns without parameters, found in one step.
  private var plain: [String: Int] = [:]

  init() {}

  /// Adds a row; two rows for the same method and path that both take everything are a mistake in the tables.
  mutating func add(_ route: Route, group: Int) {
    var node = 0
    var names: [String] = []
    for segment in RouteTable.segments(route.pattern) {
      if segment.hasPrefix("{") && segment.hasSuffix("}") {
        names.append(String(segment.dropFirst().dropLast()))
        if parameters[node] == 0 { parameters[node] = makeNode() }
        node = parameters[node]
      } else {
        let edge = Edge(node: node, segment: segment)
        node = literals[edge] ?? makeNode()
        literals[edge] = node
      }
    }
    precondition(
      route.accepts != nil || !rows[node].contains { $0.route.method == route.method && $0.route.accepts == nil },
      "two routes for \(route.method.rawValue) \(route.pattern)")
    let row = Row(route: route, group: group, names: names)
    // Whoever takes everything comes last.
    rows[node].insert(row, at: route.accepts == nil ? rows[node].count : 0)
    if names.isEmpty { plain[route.pattern] = node }
  }

  private mutating func makeNode() -> Int {
    parameters.append(0)
    rows.append([])
    return rows.count - 1
  }

  func find(_ path: String) -> Place? {
    if let node = plain[path] { return Place(rows: rows[node], values: []) }
    guard path.utf8.first == .slash else { return nil }
    var values: [String] = []
    let segments = RouteTable.segments(path)
    guard segments.count <= 32, let node = walk(0, segments[...], &values) else { return nil }
    return Place(rows: rows[node], values: values)
  }

  private func walk(_ node: Int, _ segments: ArraySlice<Substring>, _ values: inout [String]) -> Int? {
    guard let segment = segments.first else { return rows[node].isEmpty ? nil : node }
    if let next = literals[Edge(node: node, segment: segment)],
      let found = walk(next, segments.dropFirst(), &values)
    {
      return found
    }
    let next = parameters[node]
    guard next != 0, !segment.isEmpty else { return nil }
    values.append(String(segment))
    if let found = walk(next, segments.dropFirst(), &values) { return found }
    values.removeLast()
    return nil
  }

  private static func segments(_ path: String) -> [Substring] {
    path.utf8.dropFirst().split(separator: .slash, omittingEmptySubsequences: false).map(Substring.init)
  }
}
