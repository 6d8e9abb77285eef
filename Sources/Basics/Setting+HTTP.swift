extension Setting {
  package static let trustedProxies = Setting(
    "WONDER_TRUSTED_PROXIES", .networks, "",
    "addresses or networks (10.0.0.0/8, fd00::/8) whose X-Forwarded and Forwarded fields count")
  package static let httpLine = Setting(
    "WONDER_HTTP_LINE", .size(256...(1 << 20)), "8KB", "the longest request line")
  package static let httpFieldBytes = Setting(
    "WONDER_HTTP_FIELD_BYTES", .size(256...(1 << 20)), "32KB", "all header fields of a request together")
  package static let httpFields = Setting(
    "WONDER_HTTP_FIELDS", .count(1...10_000), "100", "the most header fields of a request")
  package static let httpHeaderTime = Setting(
    "WONDER_HTTP_HEADER_TIME", .span(100...3_600_000), "10s", "the time a client has for the whole head of a request")
  package static let httpKeepAlive = Setting(
    "WONDER_HTTP_KEEP_ALIVE", .span(100...86_400_000), "15s", "how long a connection may wait for its next request")
  package static let httpRequests = Setting(
    "WONDER_HTTP_REQUESTS", .amount(1...1_000_000_000), "1000", "the most requests of one connection")
  package static let httpBody = Setting(
    "WONDER_HTTP_BODY", .size(0...(1 << 30)), "1MB", "the largest request body, except uploads")
  package static let httpRate = Setting(
    "WONDER_HTTP_RATE", .size(0...(1 << 30)), "1KB",
    "bytes a second that a body must bring and an answer must get rid of")
  package static let httpRateTime = Setting(
    "WONDER_HTTP_RATE_TIME", .span(100...3_600_000), "10s",
    "the time of waiting for a client over which its rate is measured")
  package static let httpBodyTime = Setting(
    "WONDER_HTTP_BODY_TIME", .span(1000...86_400_000), "10m",
    "the longest time one request body may take; a large one has a second more for each 64 KiB that have come")
  package static let httpUnreadBody = Setting(
    "WONDER_HTTP_UNREAD_BODY", .size(0...(1 << 30)), "64KB", "unwanted body bytes that are read to keep a connection")
  package static let httpLingerBytes = Setting(
    "WONDER_HTTP_LINGER_BYTES", .size(0...(1 << 40)), "16MB",
    "bytes still taken from a client that was refused, so that it sees why")
  package static let httpLingerTime = Setting(
    "WONDER_HTTP_LINGER_TIME", .span(0...600_000), "2s", "the same as a time")
  package static let httpConnections = Setting(
    "WONDER_HTTP_CONNECTIONS", .count(0...1_000_000), "0",
    "the most connections; 0 means what the limit of open files allows, up to 20000")
  package static let httpStreams = Setting(
    "WONDER_HTTP_STREAMS", .count(0...1_000_000), "10000", "the most event streams")
  package static let httpStreamsPerKey = Setting(
    "WONDER_HTTP_STREAMS_PER_KEY", .count(0...1_000_000), "100", "the most event streams of one API key")
  package static let httpHeartbeat = Setting(
    "WONDER_HTTP_HEARTBEAT", .span(100...3_600_000), "15s", "the longest silence of an event stream")
  package static let formParts = Setting(
    "WONDER_FORM_PARTS", .count(1...1_000_000), "1100",
    "the most parts of a form; a batch of 1,000 files has a few fields too")
  package static let formHeaders = Setting(
    "WONDER_FORM_HEADERS", .count(1...1000), "16", "the most header lines of a part")
  package static let formHeaderBytes = Setting(
    "WONDER_FORM_HEADER_BYTES", .size(64...(1 << 20)), "8KB", "the longest header line of a part")
  package static let formMargin = Setting(
    "WONDER_FORM_MARGIN", .size(0...(1 << 30)), "64KB", "text before the first part of a form, and after the last")
  package static let formField = Setting(
    "WONDER_FORM_FIELD", .size(1...(1 << 30)), "64KB", "the longest text field of a form")
  package static let formFields = Setting(
    "WONDER_FORM_FIELDS", .size(1...(1 << 30)), "1MB", "all text fields of a form together")

  /// Who may speak for a client, and every limit of the HTTP server.
  package static let http: [Setting] = [
    trustedProxies, httpLine, httpFieldBytes, httpFields, httpHeaderTime, httpKeepAlive, httpRequests, httpBody,
    httpRate, httpRateTime, httpBodyTime, httpUnreadBody, httpLingerBytes, httpLingerTime, httpConnections, httpStreams,
    httpStreamsPerKey, httpHeartbeat, formParts, formHeaders, formHeaderBytes, formMargin, formField, formFields,
  ]
}
