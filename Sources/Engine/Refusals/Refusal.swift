/// What a client may see of something that went wrong: a code, a status, a sentence, and what would help.
package struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
  /// A stable word for programs.
  package let code: String
  /// The HTTP status.
  package let status: Int
  /// A sentence for people.
  package var message: String
  /// What is wrong with each field, with the valid values; at most `WrongFields.mostNamed`.
  package private(set) var fields: [Field] = []
  /// How many more fields are wrong.
  package private(set) var unnamed = 0
  /// Seconds after which trying again makes sense.
  package var retryAfter: Int?
  /// What is left of the caller's rate limit, when one applies.
  package var allowance: Allowance?

  /// The origin whose pages may read it, for a public key.
  package var origin: String?

  package init(_ code: String, _ status: Int, _ message: String, retryAfter: Int? = nil) {
    self.code = code
    self.status = status
    self.message = message
    self.retryAfter = retryAfter
  }

  package var description: String { "\(status) \(code): \(message)" }

  /// The same refusal with what is wrong in each field.
  package func naming(_ fields: [Field]) -> Refusal { naming(WrongFields(fields)) }

  /// The same refusal with what is wrong in the first fields, and how many more there are.
  package func naming(_ wrong: WrongFields) -> Refusal {
    var copy = self
    copy.fields = wrong.named
    copy.unnamed = wrong.unnamed
    if wrong.unnamed > 0 { copy.message += " There are \(wrong.unnamed) more than those named here." }
    return copy
  }

  /// The same refusal, about the task with this number only.
  func about(task: Int) -> Refusal {
    var copy = self
    copy.fields = fields.map { Field($0.subject, $0.problem, task: task) }
    return copy
  }

  /// The same refusal, for a page of this origin to read.
  package func readable(from origin: String?) -> Refusal {
    var copy = self
    copy.origin = origin
    return copy
  }

  /// The same refusal with what is left of the caller's rate limit.
  package func leaving(_ allowance: Allowance?) -> Refusal {
    var copy = self
    copy.allowance = copy.allowance ?? allowance
    return copy
  }
}
