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

    var group: Int { rows[0].group }

    func parameters(of row: Row) -> [String: String] {
      values.isEmpty ? [:] : Dictionary(zip(row.names, values), uniquingKeysWith: { first, _ in first })
    }

    /// The row for a method; HEAD is answered by GET's.
    func row(for method: Method) -> Row? {
      let row = rows.first { $0.route.method == method }
      return row == nil && method == .head ? rows.first { $0.route.method == .get } : row
    }

    /// The value of an Allow field.
    var allow: String {
      var methods = Set(rows.map(\.route.method))
      if methods.contains(.get) { methods.insert(.head) }
      methods.insert(.options)
      return Method.allCases.filter(methods.contains).map(\.rawValue).joined(separator: ", ")
    }
  }

  private struct Node: Sendable {
    var literals: [Substring: Int] = [:]
    var parameter: Int?
    var rows: [Row] = []
  }

  private var nodes = [Node()]
  /// Nodes of patterns without parameters, found in one step.
  private var plain: [String: Int] = [:]

  init() {}

  /// Adds a row; two rows for the same method and path are a mistake in the tables.
  mutating func add(_ route: Route, group: Int) {
    var node = 0
    var names: [String] = []
    for segment in RouteTable.segments(route.pattern) {
      if segment.hasPrefix("{") && segment.hasSuffix("}") {
        names.append(String(segment.dropFirst().dropLast()))
        node = step(from: node, \.parameter)
      } else {
        node = step(from: node, \.literals[segment])
      }
    }
    let known = nodes[node].rows
    precondition(
      !known.contains { $0.route.method == route.method }, "two routes for \(route.method.rawValue) \(route.pattern)")
    nodes[node].rows.append(Row(route: route, group: group, names: names))
    if names.isEmpty { plain[route.pattern] = node }
  }

  private mutating func step(from node: Int, _ edge: WritableKeyPath<Node, Int?>) -> Int {
    if let next = nodes[node][keyPath: edge] { return next }
    nodes.append(Node())
    nodes[node][keyPath: edge] = nodes.count - 1
    return nodes.count - 1
  }

  func find(_ path: String) -> Place? {
    if let node = plain[path] { return Place(rows: nodes[node].rows, values: []) }
    guard path.hasPrefix("/") else { return nil }
    var values: [String] = []
    let segments = RouteTable.segments(path)
    guard segments.count <= 32, let node = walk(0, segments[...], &values) else { return nil }
    return Place(rows: nodes[node].rows, values: values)
  }

  private func walk(_ node: Int, _ segments: ArraySlice<Substring>, _ values: inout [String]) -> Int? {
    guard let segment = segments.first else { return nodes[node].rows.isEmpty ? nil : node }
    if let next = nodes[node].literals[segment], let found = walk(next, segments.dropFirst(), &values) { return found }
    guard let next = nodes[node].parameter, !segment.isEmpty else { return nil }
    values.append(String(segment))
    if let found = walk(next, segments.dropFirst(), &values) { return found }
    values.removeLast()
    return nil
  }

  private static func segments(_ path: String) -> [Substring] {
    path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }
}
