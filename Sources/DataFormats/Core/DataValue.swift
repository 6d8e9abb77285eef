/// A document as a tree, for formats and targets that must see all of it first.
package indirect enum DataValue: Sendable, Equatable {
  case scalar(DataScalar)
  case array([DataValue])
  /// Members in the order of the document.
  case object([Member])

  package struct Member: Sendable, Equatable {
    package let name: String
    package var value: DataValue

    package init(_ name: String, _ value: DataValue) {
      self.name = name
      self.value = value
    }
  }

  /// Tells it as a reader would.
  package func tell(_ sink: inout some DataSink) throws {
    switch self {
    case .scalar(let value): try sink.scalar(value)
    case .array(let values):
      try sink.startArray()
      for value in values { try value.tell(&sink) }
      try sink.endArray()
    case .object(let members):
      try sink.startObject()
      for member in members {
        try sink.name(member.name)
        try member.value.tell(&sink)
      }
      try sink.endObject()
    }
  }
}
