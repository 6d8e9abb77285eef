/// Looks whether any object of a document has two members of one name.
struct RepeatedNames: DataSink {
  private let limits: DataLimits
  private var names = OpenNames()
  private(set) var isFound = false

  init(limits: DataLimits) { self.limits = limits }

  mutating func startObject() throws { names.begin() }
  mutating func endObject() throws { names.end() }
  mutating func startArray() throws {}
  mutating func endArray() throws {}
  mutating func scalar(_ value: DataScalar) throws {}
  mutating func string(utf8: UnsafeRawBufferPointer) throws {}
  mutating func number(ascii: UnsafeRawBufferPointer) throws {}

  mutating func name(_ name: String) throws {
    guard !isFound, let problem = names.add(name, limits) else { return }
    if problem.0 == .tooLarge { throw DataFault(.tooLarge, problem.1) }
    isFound = true
  }
}
