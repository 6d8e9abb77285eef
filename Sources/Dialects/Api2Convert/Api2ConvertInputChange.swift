import Basics
import Engine

/// What a client changes of inputs that are there: what opens them, and their order.
struct Api2ConvertInputChange: Sendable {
  private(set) var password: String?
  /// The places of inputs among the others, from 1, by the identifiers of the inputs.
  private var places: [(id: String, place: Int)] = []

  var isOfOrder: Bool { !places.isEmpty }

  /// `part` is the input that the path names, and `shown` are the documents of all that there are, which may come back.
  ///
  /// Throws `Refusal.invalidFields`.
  init(_ items: [JSONValue], of part: String?, among shown: [JSONValue]) throws {
    var wrong = WrongFields()
    for item in items {
      let id = part ?? item["id"]?.string?.lowercased()
      let own = shown.first { $0["id"]?.string == id }
      password = password ?? Api2ConvertInputs.password(item)
      for (name, value) in item["options"]?.members ?? [] where value != own?["options"]?[name] {
        let number = value.integer ?? value.string.flatMap { Int64($0) }
        if name != "position" {
          wrong.append("options.\(name)", "cannot be changed; valid: position")
        } else if let number, (0...Int64(Intake.mostFiles)).contains(number), let id, own != nil {
          places.append((id, Int(number)))
        } else {
          let problem = own == nil ? "is of no input: its id is needed" : "must be a whole number from 1"
          wrong.append("options.position", problem)
        }
      }
    }
    let isAnything = items.contains { $0["options"]?.members != nil || $0["parameters"]?.members != nil }
    if password == nil, !isAnything {
      wrong.append("credentials.decrypt_password", "is required, as a text")
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
  }

  /// Inputs as they are to follow each other; those that no place was named for stay in their order.
  func order(_ inputs: [(row: Int64, id: String)]) -> [Int64] {
    let moved = places.sorted { $0.place < $1.place }
    let others = inputs.filter { input in !moved.contains { $0.id == input.id } }
    var order = others.map { $0.row }
    // Clients that count from 0 and name all of them get the same order.
    var next = 0
    for (id, place) in moved {
      guard let input = inputs.first(where: { $0.id == id }) else { continue }
      next = min(max(place - 1, next), order.count)
      order.insert(input.row, at: next)
      next += 1
    }
    return order
  }
}
