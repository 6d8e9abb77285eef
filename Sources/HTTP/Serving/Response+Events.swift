extension Response {
  /// Answers with an event stream that no cache or proxy holds back, and with 204 when it is over and says nothing more.
  ///
  /// An EventSource connects again after the end of every stream, and only 204 stops it (WHATWG HTML section 9.2.2).
  package static func events(_ stream: EventStream) -> Response {
    if stream.isOver { return Response(.noContent).with(.cacheControl, "no-store") }
    return Response(
      .ok,
      headers: Headers([
        (.contentType, "text/event-stream"), (.cacheControl, "no-cache, no-transform"), (.accelBuffering, "no"),
      ]), body: .stream(stream))
  }
}
