/// An element that cannot be told before it has ended, its members gathered by name.
struct XMLHeldElement {
  private struct Member {
    let name: String
    var count = 0
    var values = DataRecord()
  }

  private var members: [Member] = []
  private var places: [Int: Int] = [:]
  private var current = 0

  /// What comes next is a value of this member; `key` is the same for the same name only.
  mutating func begin(_ key: Int, _ name: String) {
    if let place = places[key] {
      current = place
    } else {
      current = members.count
      places[key] = current
      members.append(Member(name: name))
    }
    members[current].count += 1
  }

  /// Puts a step into the current member, and gives by how many bytes it has grown.
  mutating func record(_ step: DataStep) throws -> Int {
    let before = members[current].values.count
    try step.tell(&members[current].values)
    return members[current].values.count - before
  }

  /// Puts another element, as one object, into the current member, and gives by how many bytes it has grown.
  mutating func record(_ other: XMLHeldElement) -> Int {
    let before = members[current].values.count
    members[current].values.startObject()
    for member in other.members {
      members[current].values.name(member.name)
      if member.count > 1 { members[current].values.startArray() }
      members[current].values.append(member.values)
      if member.count > 1 { members[current].values.endArray() }
    }
    members[current].values.endObject()
    return members[current].values.count - before
  }

  /// How many bytes all of it takes.
  var count: Int { members.reduce(0) { $0 + $1.values.count } }

  /// All of it as one object.
  func tell(_ sink: inout some DataSink) throws {
    try sink.startObject()
    for member in members {
      try sink.name(member.name)
      if member.count > 1 { try sink.startArray() }
      try member.values.tell(&sink)
      if member.count > 1 { try sink.endArray() }
    }
    try sink.endObject()
  }
}
