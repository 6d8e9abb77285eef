import Engine
import HTTP

extension Request {
  /// The query's `limit`, from 1 to 1000; throws a `Refusal` that names it.
  func limit(standard: Int) throws -> Int {
    guard let text = queryValue("limit") else { return standard }
    guard let number = Int(text), (1...1000).contains(number) else {
      throw Refusal.invalidFields.naming([.init("limit", "\"\(text)\" is not from 1 to 1000")])
    }
    return number
  }
}
