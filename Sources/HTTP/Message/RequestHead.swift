/// What the head of a request says, after every check of RFC 9112.
struct RequestHead {
  /// How the end of the body is known.
  enum Framing: Equatable {
    case length(Int64)
    case chunked
  }

  var method: Method
  var target: String
  var path: String
  var query: [(name: String, value: String)]
  /// False for HTTP/1.0.
  var isVersion11: Bool
  var headers: Headers
  var host: String
  var framing: Framing
  var expectsContinue: Bool
  var wantsClose: Bool
}
