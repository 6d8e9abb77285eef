/// Why a page did not get something from a host, for operators; the page is told a word without any address.
package enum PageTrouble: Error, Sendable, Equatable, CustomStringConvertible {
  case refused(AddressGuard.Objection)
  /// The site of our own, asked in another way than plain HTTP on port 80.
  case notServed
  /// The page may reach nobody.
  case kept
  case unknownName
  case notConnected
  /// The connection ended before the answer did.
  case lost
  case noAnswerInTime
  /// What came was not HTTP (RFC 9112).
  case badAnswer
  /// Too many names of other requests were being looked up.
  case busy

  package var description: String {
    switch self {
    case .refused(let objection): "\(objection)"
    case .notServed: "this site is served over plain HTTP on port 80 alone"
    case .kept: "this page may reach nobody"
    case .unknownName: "no such host"
    case .notConnected: "no connection"
    case .lost: "the connection was lost"
    case .noAnswerInTime: "no answer in time"
    case .badAnswer: "the answer is not HTTP"
    case .busy: "too many names were being looked up"
    }
  }

  /// What the page is told.
  var refusal: PageRefusal {
    switch self {
    case .refused(.port), .notServed: .port
    case .refused, .kept: .address
    case .unknownName: .name
    case .notConnected: .connect
    case .lost, .badAnswer: .lost
    case .noAnswerInTime, .busy: .timeout
    }
  }
}
