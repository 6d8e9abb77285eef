import Basics
package import Engine
import Storage

/// The webhook bodies about the end of a batch, in each style that has words for it.
enum BatchWebhooks {
  /// What an endpoint has to have asked for to hear of it.
  static func event(_ announcement: BatchAnnouncement) -> WebhookEvent {
    announcement.kind == .completed ? .jobCompleted : .jobFailed
  }

  /// The event's name and the body's bytes; nil for a style that is not told of batches.
  static func worded(
    _ announcement: BatchAnnouncement, _ style: DeliveryStyle, link: (String) -> String
  ) -> (event: String, body: [UInt8])? {
    let event = event(announcement)
    switch style {
    case .wonder:
      let name = announcement.kind == .completed ? "conversion.batch.completed" : "conversion.batch.failed"
      return (name, wonder(name, announcement.view, link))
    case .koalapic: return (event.rawValue, koalapic(event.rawValue, announcement.view, link))
    case .standard: return (event.rawValue, standard(event.rawValue, announcement, link))
    case .convertly, .api2convert, .enconvert, .mail: return nil
    }
  }

  private static func wonder(_ event: String, _ view: BatchView, _ link: (String) -> String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("event", event)
      document.member("workspace", object: { $0.member("slug", view.workspace) })
      document.member("batch", object: { batch(view, link, to: &$0) })
      document.member("jobs", array: { WonderBatchDocuments.jobs(view, link, to: &$0) })
    }
    return writer.bytes
  }

  private static func koalapic(_ event: String, _ view: BatchView, _ link: (String) -> String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("event", event)
      document.member(
        "data",
        object: { data in
          data.member("job_id", view.batchID)
          data.member("status", view.batch.status.rawValue)
          data.member("total_files", view.batch.total)
          data.member("completed_files", view.batch.completed)
          if let archive = view.archive { data.member("download_url", link(archive.path)) }
          data.member(
            "items", array: { KoalaPicWebhooks.writeItems(view.tasks.flatMap(\.view.outputs), link, to: &$0) })
          if let error = view.batch.errorMessage { data.member("error", error) }
        })
    }
    return writer.bytes
  }

  private static func standard(
    _ event: String, _ announcement: BatchAnnouncement, _ link: (String) -> String
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("type", event)
      document.member("timestamp", "\(announcement.at)")
      document.member(
        "data",
        object: { data in
          data.member("workspace", announcement.view.workspace)
          batch(announcement.view, link, to: &data)
          data.member("jobs", array: { WonderBatchDocuments.jobs(announcement.view, link, to: &$0) })
        })
    }
    return writer.bytes
  }

  private static func batch(_ view: BatchView, _ link: (String) -> String, to object: inout JSONWriter) {
    WonderBatchDocuments.describe(view.batch, view.batchID, to: &object)
    if let archive = view.archive { object.member("download_url", link(archive.path)) }
  }
}

extension Webhooks {
  /// The announcer of batches to hand to the engine; links begin with `home`.
  package static func batchAnnouncer(_ home: HomeAddress) -> BatchAnnouncer {
    { announcement in
      let view = announcement.view
      func delivery(
        _ style: DeliveryStyle, _ url: String, _ secret: String?, _ endpoint: Int64?
      ) -> NewDelivery? {
        guard let (event, body) = BatchWebhooks.worded(announcement, style, link: home.link) else { return nil }
        return NewDelivery(
          workspaceID: view.batch.workspaceID, batchID: view.batch.id, requestID: view.batchID, endpointID: endpoint,
          eventID: announcement.identifier, event: event, style: style, url: url, secret: secret, body: body)
      }
      var deliveries: [NewDelivery] = []
      if let own = announcement.own, view.batch.dialect == Wonder.name {
        deliveries += [delivery(.wonder, own.url, own.secret, nil)].compactMap { $0 }
      }
      let event = BatchWebhooks.event(announcement).rawValue
      for endpoint in announcement.endpoints where endpoint.events.contains(event) {
        deliveries += [delivery(endpoint.style, endpoint.url, nil, endpoint.id)].compactMap { $0 }
      }
      return deliveries
    }
  }
}
