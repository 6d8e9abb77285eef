import Basics
package import Engine
import Storage

/// Words what happened for everybody who is to be told, each in the style they asked for.
package enum Webhooks {
  /// The announcer to hand to the engine; links begin with `home`.
  package static func announcer(_ home: HomeAddress) -> Announcer {
    { announcement in own(announcement, home) + subscribed(announcement, home) }
  }

  /// The webhook that came with the job, in the style of the API that it came by.
  private static func own(_ announcement: Announcement, _ home: HomeAddress) -> [NewDelivery] {
    guard let webhook = announcement.own, announcement.view.job.dialect == Wonder.name,
      let event = WonderWebhooks.event(of: announcement.kind)
    else { return [] }
    let view = announcement.view
    return [
      NewDelivery(
        workspaceID: view.job.workspaceID, jobID: view.job.id, requestID: view.requestID,
        eventID: announcement.identifier(0), event: event, style: .wonder, url: webhook.url, secret: webhook.secret,
        body: WonderWebhooks.body(event, view, link: home.link))
    ]
  }

  private static func subscribed(_ announcement: Announcement, _ home: HomeAddress) -> [NewDelivery] {
    announcement.endpoints.flatMap { endpoint in
      WebhookEvent.names(of: announcement.kind, files: announcement.inputs.count, endpoint.style)
        .filter { endpoint.events.contains($0.rawValue) }
        .flatMap { deliveries($0, announcement, endpoint, home) }
    }
  }

  /// The messages of one event for one endpoint: one, but for files that were stored one for each of them.
  private static func deliveries(
    _ event: WebhookEvent, _ announcement: Announcement, _ endpoint: Endpoint, _ home: HomeAddress
  ) -> [NewDelivery] {
    let files: [String?] = event == .fileUploaded ? announcement.inputs : [nil]
    return files.enumerated().compactMap { position, file in
      let part = position + (event == .jobCompleted || event == .jobFailed ? 1 : 0)
      let message = WebhookMessage(
        identifier: announcement.identifier(part), event: event, announcement: announcement, file: file,
        link: home.link)
      guard let (name, body) = message.worded(endpoint.style) else { return nil }
      let view = announcement.view
      return NewDelivery(
        workspaceID: endpoint.workspaceID, jobID: view.job.id == 0 ? nil : view.job.id, requestID: view.requestID,
        endpointID: endpoint.id, eventID: message.identifier, event: name, style: endpoint.style, url: endpoint.url,
        body: body)
    }
  }
}
