/// A request to somebody else's server: exactly these bytes and fields, and one deadline for everything.
package struct OutboundRequest: Sendable {
  package enum Purpose: Sendable {
    /// Sends these bytes, and keeps the beginning of the answer.
    case post([UInt8])
    /// Asks for what is under the URL, and keeps the beginning of the answer.
    case ask
    /// Asks for a file.
    case download(Download)
    /// Sends bytes of a file, to be kept under the URL.
    case send(FilePart)
    /// Asks that what is under the URL be removed.
    case delete
  }

  package let url: String
  package let headers: [(name: String, value: String)]
  package let purpose: Purpose
  /// For the whole exchange, from the look-up of the name to the last byte of the answer.
  package let timeLimit: Duration
  /// Who asks, where the scheme is FTP's.
  var login: (user: String, password: String)?
  /// True for an answer that is kept as far as it is read, and not its beginning alone.
  package var keepsWholeAnswer = false
  /// True when an FTP server must encrypt before it is told anything.
  var needsTLS = false

  package init(url: String, headers: [(name: String, value: String)], body: [UInt8], timeLimit: Duration) {
    self.init(url: url, headers: headers, .post(body), timeLimit: timeLimit)
  }

  package init(url: String, headers: [(name: String, value: String)], _ purpose: Purpose, timeLimit: Duration) {
    self.url = url
    self.headers = headers
    self.purpose = purpose
    self.timeLimit = timeLimit
  }
}
