import Engine
import HTTP

/// The words of answers that belong to no dialect: of the admin API, of health checks, and where no route is.
struct HouseWords: Dialect {
  static let name = "house"
  static let style: WebhookStyle? = nil

  let routes: [DialectRoute] = []

  func response(to refusal: Refusal, for request: Request?) -> Response {
    // Beside the house's own addresses /api is Convertly's, whose clients read its `error` of any answer.
    if let path = request?.path, path.hasPrefix("/api/"), !path.hasPrefix("/api/v1/") {
      return ConvertlyRefusals.response(to: refusal, for: request)
    }
    return WonderRefusals.response(to: refusal, for: request)
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    WonderRefusals.name(of: subject, for: request)
  }
}
