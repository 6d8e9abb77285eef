/// Gathers what a reader tells into a tree, within limits.
///
/// Of members of one name the last wins, in the place of the first, as most parsers of JSON have it (RFC 8259 section 4).
package struct DataTree: DataSink {
  private let limits: DataLimits
  private var open: [Container] = []
  private var count = 0
  /// The documents that are complete.
  package private(set) var values: [DataValue] = []

  /// An array or object that has begun, filled where it lies.
  private struct Container {
    let isObject: Bool
    var values: [DataValue] = []
    var members: [DataValue.Member] = []
    var name: String?
  }

  package init(limits: DataLimits = DataLimits()) { self.limits = limits }

  package mutating func startObject() throws { try begin(Container(isObject: true)) }
  package mutating func startArray() throws { try begin(Container(isObject: false)) }

  package mutating func name(_ name: String) throws {
    guard open.last?.isObject == true else { throw misuse() }
    open[open.count - 1].name = name
  }

  package mutating func endObject() throws {
    guard let ended = open.popLast(), ended.isObject else { throw misuse() }
    try add(.object(Self.unique(ended.members)))
  }

  package mutating func endArray() throws {
    guard let ended = open.popLast(), !ended.isObject else { throw misuse() }
    try add(.array(ended.values))
  }

  package mutating func scalar(_ value: DataScalar) throws {
    try weigh()
    try add(.scalar(value))
  }

  private mutating func begin(_ container: Container) throws {
    guard open.count < limits.depth else {
      throw DataFault(.tooLarge, "more than \(limits.depth) arrays and objects stand inside each other")
    }
    try weigh()
    open.append(container)
  }

  private mutating func weigh() throws {
    count += 1
    guard count <= limits.values else { throw DataFault(.tooLarge, "there are more than \(limits.values) values") }
  }

  private mutating func add(_ value: DataValue) throws {
    let inner = open.count - 1
    if inner < 0 {
      values.append(value)
    } else if open[inner].isObject {
      guard let name = open[inner].name else { throw misuse() }
      open[inner].members.append(.init(name, value))
      open[inner].name = nil
    } else {
      open[inner].values.append(value)
    }
  }

  private static func unique(_ members: [DataValue.Member]) -> [DataValue.Member] {
    var places: [ExactName: Int] = [:]
    var kept: [DataValue.Member] = []
    places.reserveCapacity(members.count)
    kept.reserveCapacity(members.count)
    for member in members {
      if let place = places.updateValue(kept.count, forKey: ExactName(member.name)) {
        places[ExactName(member.name)] = place
        kept[place].value = member.value
      } else {
        kept.append(member)
      }
    }
    return kept
  }

  private func misuse() -> DataFault { DataFault(.malformed, "the parts of the document do not fit together") }
}
