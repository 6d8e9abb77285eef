/// Heads that must be refused, with the status that says why.
enum RefusedHeads {
  static let all: [(Int, String)] = lines + fields + framing + limits

  private static let host = " HTTP/1.1\r\nHost: a\r\n\r\n"

  private static let lines: [(Int, String)] = [
    (400, "GET / HTTP/1.1\nHost: a\n\n"), (400, "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n"),
    (400, "GET / HTTP/1.1\rHost: a\r\n\r\n"), (400, "\r\n\r\nGET /\(host)"), (400, "\nGET /\(host)"),
    (400, "GET  /\(host)"), (400, " GET /\(host)"), (400, "GET\t/\(host)"), (400, "GET /  HTTP/1.1\r\n\r\n"),
    (400, "GET /\r\n\r\n"), (400, "GET HTTP/1.1\r\n\r\n"), (400, "G(T /\(host)"), (400, "GET: /\(host)"),
    (501, "get /\(host)"), (501, "CONNECT a:443\(host)"), (501, "TRACE /\(host)"), (501, "BREW /\(host)"),
    (400, "GET / http/1.1\r\nHost: a\r\n\r\n"), (505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    (505, "GET / HTTP/0.9\r\n\r\n"), (400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"), (400, "GET / HTTP/1.1 \r\n\r\n"),
    (400, "GET *\(host)"), (400, "GET a\(host)"), (400, "GET a:443\(host)"), (400, "GET ftp://a/\(host)"),
    (400, "GET /#x\(host)"), (400, "GET /\u{0}\(host)"), (400, "GET /\u{e9}\(host)"), (400, "GET /\u{7f}\(host)"),
    (400, "GET /%00\(host)"), (400, "GET /a%2fb\(host)"), (400, "GET /%\(host)"), (400, "GET /%4\(host)"),
    (400, "GET /%zz\(host)"), (400, "GET /%ff\(host)"), (400, "GET /%c0%af\(host)"), (400, "GET /a/../b\(host)"),
    (400, "GET /.\(host)"), (400, "GET /%2e%2E/x\(host)"), (400, "GET /a/%2e\(host)"), (400, "GET /?a=%\(host)"),
    (400, "GET /?a=%00\(host)"), (400, "GET http://u:p@a/\(host)"), (400, "GET http:///x\(host)"),
  ]

  private static let fields: [(Int, String)] =
    [
      "Host : a", "Host: a\r\nHost: a", "Host:", "Host: a, b", "Host: a/b", "Host: u@a", "Host: a:b", "Host: a:70000",
      "Host: a b", "Host: [::1", "Host: a\r\n X: folded", "Host: a\r\n\tX: folded", "Host: a\r\n: x",
      "Host: a\r\nX y: z",
      "Host: a\r\nX", "Host: a\r\nX: \u{0}", "Host: a\r\nX: \u{7}", "Host: a\r\nX: \u{7f}", "Host: a\r\nX: a\rb",
      "Host: a\r\nCaf\u{e9}: x", "Host: a\r\nContent-Type: a/b\r\nContent-Type: c/d", "X: no host",
    ].map { (400, "GET / HTTP/1.1\r\n\($0)\r\n\r\n") } + [
      (417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n")
    ]

  private static let framing: [(Int, String)] =
    [
      "Content-Length: +1", "Content-Length: -1", "Content-Length: 0x1", "Content-Length: 1_0", "Content-Length: 1 0",
      "Content-Length: 1, 1", "Content-Length:", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 1.0",
      "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 9007199254740993",
      "Content-Length: 99999999999999999999", "Content-Length: 1\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked\r\nContent-Length: 1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ].map { (400, "POST / HTTP/1.1\r\nHost: a\r\n\($0)\r\n\r\n") }
    + [
      "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
      "Transfer-Encoding: xchunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding:",
      "Transfer-Encoding: identity",
      "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: chunked,",
      "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked chunked", "Transfer-Encoding: chunked, identity",
      "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
      "Transfer-Encoding:\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nX: y\r\ntransfer-encoding:",
      "Transfer-Encoding: chunked\r\n , gzip", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding : chunked",
      "Transfer-Encoding: \u{b}chunked", "Transfer-Encoding: chunk\u{e9}d",
      "Transfer-Encoding: gzip, chunked\r\nContent-Length: 3",
    ].map { (400, "POST / HTTP/1.1\r\nHost: a\r\n\($0)\r\n\r\n") } + [
      (400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    ]

  private static let limits: [(Int, String)] = [
    (414, "GET /" + String(repeating: "a", count: 8200) + host), (414, String(repeating: "a", count: 9000)),
    (431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 33_000)),
    (431, "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n"),
  ]
}
