extension Response {
  /// Answers with an event stream that no cache or proxy holds back.
  package static func events(_ stream: EventStream) -> Response {
    Response(
      .ok,
      headers: Headers([
        (.contentType, "text/event-stream"), (.cacheControl, "no-cache, no-transform"), (.accelBuffering, "no"),
      ]), body: .stream(stream))
  }
}
