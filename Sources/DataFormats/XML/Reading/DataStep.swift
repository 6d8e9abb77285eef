/// One call of a sink.
enum DataStep {
  case startObject, endObject, startArray, endArray
  case name(String)
  case scalar(DataScalar)
  /// A string as UTF-8 that is there for the call only.
  case string(UnsafeRawBufferPointer)

  func tell(_ sink: inout some DataSink) throws {
    switch self {
    case .startObject: try sink.startObject()
    case .endObject: try sink.endObject()
    case .startArray: try sink.startArray()
    case .endArray: try sink.endArray()
    case .name(let name): try sink.name(name)
    case .scalar(let value): try sink.scalar(value)
    case .string(let utf8): try sink.string(utf8: utf8)
    }
  }
}
