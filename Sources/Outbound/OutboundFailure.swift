import CCurl

/// Why no answer came, in a few stable words, and what an operator may know beyond them.
package struct OutboundFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The words that deliveries show; of those about the connection itself clients are told one (`Engine`'s `Unreached`).
  package enum Kind: String, Sendable, CaseIterable {
    case dns = "the name could not be resolved"
    case addressNotAllowed = "address not allowed"
    case connect = "could not connect"
    case tls = "TLS failed"
    case timeout = "no complete answer in time"
    case disconnected = "the connection was lost"
    case badAnswer = "not an HTTP answer"
    case tooLarge = "the answer's header is too large"
    case fileTooLarge = "the file is too large"
    case notStored = "the file could not be stored"
    case invalidURL = "the URL cannot be called"
    case login = "the mail server refused the user name or password"
    case denied = "the server refused the user name or password"
    case missing = "the server does not have the file, or does not give it"
    case refused = "the server refused the file"
    case badFTPAnswer = "not an answer of an FTP server"
    case badMailAnswer = "not an answer of a mail server"
    case invalidAddress = "the address cannot be mailed to"
    case other = "the call failed"
  }

  /// What a time-out is called that came before there was a connection.
  package static let noConnection = "no connection in time"

  package let kind: Kind
  /// True when the time was over before there was a connection.
  package let lacksConnection: Bool
  /// For the log and the operator's page; empty when the kind says it all.
  package let detail: String

  package init(_ kind: Kind, _ detail: String = "", lacksConnection: Bool = false) {
    self.kind = kind
    self.detail = detail
    self.lacksConnection = lacksConnection
  }

  package var description: String { lacksConnection ? OutboundFailure.noConnection : kind.rawValue }

  /// What libcurl's result means.
  static func kind(of code: CURLcode) -> Kind {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: .dns
    case CURLE_COULDNT_CONNECT: .connect
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_FILESIZE_EXCEEDED: .fileTooLarge
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE: .disconnected
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING: .badAnswer
    case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED: .invalidURL
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND,
      CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
      .tls
    // libcurl calls a header line beyond its own limit of 100 KB a lack of memory.
    case CURLE_OUT_OF_MEMORY: .tooLarge
    default: .other
    }
  }
}
