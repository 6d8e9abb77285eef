import Storage

/// Something that a plan allows or not, and how a refusal calls it.
package struct Feature: Sendable {
  package let title: String
  let isAllowed: @Sendable (Plan) -> Bool

  package static let jobsAPI = Feature(title: "The jobs API", isAllowed: \.allowsJobsAPI)
  package static let async = Feature(title: "Asynchronous processing", isAllowed: \.allowsAsync)
  package static let batches = Feature(title: "Batches", isAllowed: \.allowsBatches)
  package static let mail = Feature(title: "E-mail notification", isAllowed: \.allowsMail)
  package static let webhooks = Feature(title: "Webhooks", isAllowed: \.allowsWebhooks)

  /// Throws `Refusal.planRequired`, naming the smallest plan that has it.
  func check(_ plan: Plan, in database: Database) throws {
    guard !isAllowed(plan) else { return }
    let name = try Plans.smallest(in: database, allowing: isAllowed)?.name
    throw Refusal.planRequired(title, plan: name)
  }
}
