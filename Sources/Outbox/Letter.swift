/// What is sent in one attempt, before it is signed.
package struct Letter: Sendable {
  /// The same in every attempt and replay.
  package let eventID: String
  package let event: String
  /// The job's public identifier, if it is about one.
  package let requestID: String?
  package let body: [UInt8]
  /// The newest first; a second one while a rotation overlaps.
  package let secrets: [String]

  package init(eventID: String, event: String, requestID: String?, body: [UInt8], secrets: [String]) {
    self.eventID = eventID
    self.event = event
    self.requestID = requestID
    self.body = body
    self.secrets = secrets
  }
}
