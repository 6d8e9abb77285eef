package import Basics

/// What becomes of a webhook.
package enum DeliveryState: String, Sendable, CaseIterable {
  case waiting, delivered, failed
}

/// A webhook to be written in the transaction of what it tells.
package struct NewDelivery: Sendable, Equatable {
  /// Nil for mail to people about their access.
  package var workspaceID: Int64?
  package var jobID: Int64?
  package var batchID: Int64?
  package var requestID: String?
  package var endpointID: Int64?
  package var replayOf: Int64?
  package var eventID: String
  package var event: String
  package var style: DeliveryStyle
  package var url: String
  /// True when all addresses of its host count as one that rests when it fails.
  package var restsByHost: Bool
  /// The secret of a job's own address; an endpoint's is looked up when it is signed.
  package var secret: String?
  package var body: [UInt8]

  package init(
    workspaceID: Int64?, jobID: Int64? = nil, batchID: Int64? = nil, requestID: String? = nil, endpointID: Int64? = nil,
    replayOf: Int64? = nil,
    eventID: String, event: String, style: DeliveryStyle, url: String, restsByHost: Bool = false, secret: String? = nil,
    body: [UInt8]
  ) {
    self.workspaceID = workspaceID
    self.jobID = jobID
    self.batchID = batchID
    self.requestID = requestID
    self.endpointID = endpointID
    self.replayOf = replayOf
    self.eventID = eventID
    self.event = event
    self.style = style
    self.url = url
    self.restsByHost = restsByHost
    self.secret = secret
    self.body = body
  }
}

/// A webhook whose next attempt is due, with all that signing and sending it needs.
package struct DueDelivery: Sendable, Equatable {
  package let id: Int64
  package let dueAt: Timestamp
  package let address: DeliveryAddress
  package let url: String
  package let style: DeliveryStyle
  package let eventID: String
  package let event: String
  package let requestID: String?
  package let body: [UInt8]
  /// How many attempts were made.
  package let attempts: Int
  package let endpointID: Int64?
  package let isEndpointDisabled: Bool
  /// The newest first; two while a rotation overlaps.
  package let secrets: [String]
}

/// A webhook as lists show it: no body and no secret.
package struct ListedDelivery: Sendable, Equatable {
  package let id: Int64
  package let workspace: String?
  package let requestID: String?
  package let endpointID: Int64?
  package let replayOf: Int64?
  package let eventID: String
  package let event: String
  package let style: String
  package let url: String
  package let state: DeliveryState
  package let attempts: Int
  package let nextAttemptAt: Timestamp?
  package let lastError: String?
  package let createdAt: Timestamp
  package let finishedAt: Timestamp?
  package let address: DeliveryAddress
}

/// One attempt at a webhook, as it went.
package struct Attempt: Sendable, Equatable {
  package let number: Int
  package let startedAt: Timestamp
  package let milliseconds: Int64
  /// Nil when no answer came.
  package let status: Int?
  package let error: String?
  /// The first bytes of the answer.
  package let response: [UInt8]

  package init(
    number: Int, startedAt: Timestamp, milliseconds: Int64, status: Int?, error: String?, response: [UInt8]
  ) {
    self.number = number
    self.startedAt = startedAt
    self.milliseconds = milliseconds
    self.status = status
    self.error = error
    self.response = response
  }
}
