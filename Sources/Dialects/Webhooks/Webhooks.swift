package import Engine
import Outbox
package import Storage

/// Words what happened for everybody who is to be told: endpoints in the style they asked for, and an address that came
/// with a request in the style of the dialect that it came by.
package struct Webhooks: Announcer {
  private let styles: [WebhookStyle]
  private let byName: [DeliveryStyle: WebhookStyle]
  private let byDialect: [String: WebhookStyle]
  private let home: HomeAddress

  /// Links begin with `home`.
  package init(_ dialects: [AllDialects.Row] = AllDialects.all, home: HomeAddress) {
    styles = AllStyles.all(with: dialects)
    byName = Dictionary(styles.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    byDialect = Dictionary(
      dialects.compactMap { dialect in dialect.style.map { (dialect.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    self.home = home
  }

  package var offers: [OfferedStyle] {
    styles.filter { !$0.events.isEmpty }.map {
      OfferedStyle(
        name: $0.name, title: $0.title, events: $0.events.map(\.name), restsByHost: $0.policy.restsByHost,
        followsFiles: $0.followsFiles)
    }
  }

  package func ownStyle(of dialect: String) -> OwnStyle? {
    byDialect[dialect].map {
      OwnStyle(
        name: $0.name, standsForEndpoints: $0.ownStandsForEndpoints, tellsWholeJobs: $0.tellsWholeJobs)
    }
  }

  package func tells(_ endpoint: Endpoint, of kind: EventKind) -> Bool {
    byName[endpoint.style]?.events.contains {
      $0.kinds.contains(kind) && endpoint.events.contains($0.name)
    } ?? false
  }

  package func hearers(of happening: Happening, among endpoints: [Endpoint]) -> [Endpoint] {
    let wording = Wording(happening, home.link)
    return endpoints.filter { endpoint in
      byName[endpoint.style].map { wording.says(in: $0, of: endpoint.events.contains) } ?? false
    }
  }

  package func deliveries(of happening: Happening, to audience: Audience) -> [NewDelivery] {
    let wording = Wording(happening, home.link)
    var deliveries: [NewDelivery] = []
    if let own = audience.own, let style = byDialect[happening.subject.dialect] {
      deliveries += wording.said(in: style) { _ in true }.map {
        delivery($0, happening, style, url: own.url, secret: own.secret)
      }
    }
    for endpoint in audience.endpoints {
      guard let style = byName[endpoint.style] else { continue }
      deliveries += wording.said(in: style, of: endpoint.events.contains).map {
        delivery($0, happening, style, url: endpoint.url, endpoint: endpoint.id)
      }
    }
    return deliveries
  }

  private func delivery(
    _ said: Wording.Said, _ happening: Happening, _ style: WebhookStyle, url: String, secret: String? = nil,
    endpoint: Int64? = nil
  ) -> NewDelivery {
    let subject = happening.subject
    return NewDelivery(
      workspaceID: subject.workspaceID, jobID: subject.jobID, batchID: subject.batchID, requestID: subject.requestID,
      endpointID: endpoint, eventID: said.identifier, event: said.message.name, style: style.name, url: url,
      restsByHost: style.policy.restsByHost, secret: secret, body: said.body)
  }
}
