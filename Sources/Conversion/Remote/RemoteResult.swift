package import Basics
package import Formats

/// What another machine says has become of an order.
package struct RemoteResult: Sendable {
  package struct Piece: Sendable {
    /// Which of the folder's outputs it is, counted from 0.
    package let file: Int
    package let outcome: ConversionOutcome
    package let label: String?
    package let part: FilePart?
  }

  package enum End: Sendable {
    case made([Piece])
    case failed(ConversionFailure)
    /// The machine cannot do it, whatever the files are: another one may.
    case refused(String)
  }

  /// What is read of a document at most.
  package static let mostBytes = 4 << 20

  /// The lease of the order that it is the result of.
  package let lease: String
  package let host: String
  package let end: End

  package init(lease: String, host: String, _ end: End) {
    self.lease = lease
    self.host = host
    self.end = end
  }

  /// The same from a machine that is known by this name.
  package func on(_ host: String) -> RemoteResult { RemoteResult(lease: lease, host: host, end) }

  package var json: JSONValue {
    var members: [(name: String, value: JSONValue)] = [("lease", .string(lease)), ("host", .string(host))]
    switch end {
    case .made(let pieces):
      let made = pieces.map { piece in
        JSONValue.object([
          ("file", .integer(Int64(piece.file))), ("outcome", ChildReport.done(piece.outcome).json),
          ("label", piece.label.map(JSONValue.string) ?? .null),
          ("part", piece.part.map { .string(FilePart.text([$0])) } ?? .null),
        ])
      }
      members.append(("made", .array(made)))
    case .failed(let failure):
      members += [
        ("failure", ChildReport.failed(failure).json), ("words", .string(failure.words)),
        ("of_server", .boolean(failure.isOfServer)),
      ]
    case .refused(let reason): members.append(("refused", .string(reason)))
    }
    return .object(members)
  }

  /// Nil for what `json` does not make: every value is bounded, for the machine may be in other hands.
  package init?(_ document: JSONValue) {
    guard let lease = document["lease"]?.string, let host = document["host"]?.string else { return nil }
    self.lease = lease
    self.host = RemoteResult.sentence(host, most: 100)
    if let reason = document["refused"]?.string {
      end = .refused(RemoteResult.sentence(reason, most: 300))
    } else if let made = document["made"]?.array {
      guard (1...FilePart.most).contains(made.count) else { return nil }
      var pieces: [Piece] = []
      for item in made {
        // A part of a file may be empty.
        guard let outcome = item["outcome"].flatMap({ ChildReport.outcome($0, least: 0) }),
          let file = item["file"]?.integer, (0..<Int64(FilePart.most)).contains(file)
        else { return nil }
        let parts = item["part"]?.string.flatMap { FilePart.list(Array($0.utf8)) }
        // A label becomes part of a file's name.
        let isSound = item["label"]?.string?.unicodeScalars.allSatisfy { $0 != "/" && $0 != "\\" } ?? true
        guard (item["part"]?.string == nil) == (parts == nil), isSound else { return nil }
        pieces.append(
          Piece(
            file: Int(file), outcome: outcome,
            label: item["label"]?.string.map { RemoteResult.sentence($0, most: 100) },
            part: parts?.first))
      }
      end = .made(pieces)
    } else if let report = document["failure"].flatMap(ChildReport.init), case .failed(let failure) = report {
      end = .failed(
        ConversionFailure(
          failure.code, failure.message, excess: failure.excess,
          words: RemoteResult.sentence(document["words"]?.string ?? "", most: 2000),
          isOfServer: document["of_server"]?.boolean ?? false, isOfMaker: failure.isOfMaker))
    } else {
      return nil
    }
  }

  /// What people see of another machine's words.
  package static func sentence(_ text: String, most: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.lazy.filter { !HiddenText.isControl($0) }.prefix(most)))
  }
}
