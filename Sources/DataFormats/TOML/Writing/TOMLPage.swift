/// Puts tables and values on a page, in the usual style.
struct TOMLPage {
  /// How long a header may be before what it would head stands in braces, so that a long key is not written for every
  /// table below it.
  private static let headerLength = 200

  private let drain: ByteDrain

  init(_ drain: ByteDrain) { self.drain = drain }

  /// Puts the members of the table at `path`, whose keys are as written: first values, then tables.
  func put(_ members: [DataValue.Member], at path: [String]) throws {
    let length = Self.length(of: path)
    var later: [(key: String, value: DataValue)] = []
    for member in members where !member.value.isNull {
      let key = TOMLKey.written(member.name)
      if member.value.isOfTables, length + key.utf8.count <= Self.headerLength {
        later.append((key, member.value))
      } else {
        try drain.put(key)
        try drain.put(" = ")
        try put(member.value)
        try drain.put(0x0A)
      }
    }
    for (key, value) in later {
      let path = path + [key]
      switch value {
      case .object(let members): try putTable(members, at: path)
      case .array(let tables):
        for table in tables {
          guard case .object(let members) = table else { continue }
          try putHeader("[[", path, "]]")
          try put(members, at: path)
        }
      case .scalar: continue
      }
    }
  }

  /// A table that has nothing but tables needs no header of its own.
  private func putTable(_ members: [DataValue.Member], at path: [String]) throws {
    let present = members.filter { !$0.value.isNull }
    if present.isEmpty || !present.allSatisfy(\.value.isOfTables) || !hasRoom(present, path) {
      try putHeader("[", path, "]")
    }
    try put(present, at: path)
  }

  /// True where all of the members can have headers.
  private func hasRoom(_ members: [DataValue.Member], _ path: [String]) -> Bool {
    let length = Self.length(of: path)
    return members.allSatisfy { length + TOMLKey.written($0.name).utf8.count <= Self.headerLength }
  }

  private static func length(of path: [String]) -> Int { path.reduce(4) { $0 + $1.utf8.count + 1 } }

  private func putHeader(_ open: StaticString, _ path: [String], _ close: StaticString) throws {
    if drain.count > 0 { try drain.put(0x0A) }
    try drain.put(open)
    try drain.put(path.joined(separator: "."))
    try drain.put(close)
    try drain.put(0x0A)
  }

  /// A value on one line.
  private func put(_ value: DataValue) throws {
    switch value {
    case .scalar(let scalar): try put(scalar)
    case .array(let values):
      try drain.put(0x5B)
      for (index, value) in values.enumerated() {
        if index > 0 { try drain.put(", ") }
        try put(value)
      }
      try drain.put(0x5D)
    case .object(let members):
      let present = members.filter { !$0.value.isNull }
      try drain.put(present.isEmpty ? "{" : "{ ")
      for (index, member) in present.enumerated() {
        if index > 0 { try drain.put(", ") }
        try drain.put(TOMLKey.written(member.name))
        try drain.put(" = ")
        try put(member.value)
      }
      try drain.put(present.isEmpty ? "}" : " }")
    }
  }

  private func put(_ scalar: DataScalar) throws {
    switch scalar {
    case .null:
      throw DataFault(
        .unsupported, "an array has a null in it, for which TOML has no form; leave it out or give it a value")
    case .bool(let value): try drain.put(value ? "true" : "false")
    case .number(let text): try drain.put(text)
    case .infinity(let negative): try drain.put(negative ? "-inf" : "inf")
    case .notANumber: try drain.put("nan")
    case .string(let text): try drain.put(TOMLKey.quoted(text))
    case .moment(let text): try drain.put(TOMLMoment(text) == nil ? TOMLKey.quoted(text) : text)
    }
  }
}

extension DataValue {
  fileprivate var isNull: Bool { self == .scalar(.null) }

  /// True for an object, and for an array of nothing but objects.
  fileprivate var isOfTables: Bool {
    switch self {
    case .object: true
    case .array(let values):
      !values.isEmpty
        && values.allSatisfy {
          if case .object = $0 { true } else { false }
        }
    case .scalar: false
    }
  }
}
