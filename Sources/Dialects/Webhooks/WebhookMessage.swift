import Basics
import Engine
import Storage

/// One message to one endpoint, before it has its style's words.
struct WebhookMessage {
  let identifier: String
  let event: WebhookEvent
  let announcement: Announcement
  /// The file that was stored, when that is what happened.
  let file: String?
  let link: (String) -> String

  var view: JobView { announcement.view }

  /// The event's name and the body's bytes in a style; nil for one that has no words for it.
  func worded(_ style: DeliveryStyle) -> (event: String, body: [UInt8])? {
    switch style {
    case .wonder:
      WonderWebhooks.event(of: announcement.kind).map { ($0, WonderWebhooks.body($0, view, link: link)) }
    case .convertly: (event.rawValue, ConvertlyWebhooks.body(self))
    case .koalapic: (event.rawValue, KoalaPicWebhooks.body(self))
    case .standard: (event.rawValue, StandardWebhooks.body(self))
    case .api2convert, .enconvert, .mail: nil
    }
  }
}
