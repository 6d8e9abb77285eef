/// One setting: its name, default, unit and a line for people; the list of them is `Setting.all`.
package struct Setting: Sendable, Hashable {
  /// How a value is written, checked and shown.
  package enum Form: Sendable, Hashable {
    case text
    case path
    case address
    /// An address, or nothing.
    case listening
    case url
    /// A mail server, or nothing.
    case mailServer
    /// An address of mail with or without a name, or nothing.
    case mailSender
    case choice([String])
    case schedule
    /// A folder by its whole path, or a bucket; or nothing.
    case backupPlace
    /// Networks separated by commas or spaces, or nothing.
    case networks
    case ports
    case count(ClosedRange<Int64>)
    /// Bytes, with KB, MB or GB.
    case size(ClosedRange<Int64>)
    /// Seconds as written, with s, m, h or d; kept in milliseconds.
    case span(ClosedRange<Int64>)
    /// A number with an optional M or K for a million or a thousand.
    case amount(ClosedRange<Int64>)
  }

  package let name: String
  package let form: Form
  package let standard: String
  package let summary: String
  /// A secret is masked wherever settings are shown and may come from the file named by `NAME_FILE`.
  package let isSecret: Bool

  package init(_ name: String, _ form: Form, _ standard: String, _ summary: String, isSecret: Bool = false) {
    self.name = name
    self.form = form
    self.standard = standard
    self.summary = summary
    self.isSecret = isSecret
  }

  /// The long flag that sets it for one run, for example `--public-url` for WONDER_PUBLIC_URL.
  package var flag: String {
    "--" + name.dropFirst("WONDER_".count).lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
  }

  /// What a valid value looks like, for messages.
  package var expectation: String {
    switch form {
    case .text: "a text"
    case .path: "a path"
    case .address: "ADDRESS:PORT, for example 127.0.0.1:8080"
    case .listening: "ADDRESS:PORT, or nothing"
    case .networks: "networks such as 10.0.0.0/8 or fd00::/8, separated by commas"
    case .ports: "ports such as 80,443,8000-8999, or with a ! in front all but those"
    case .mailServer: "smtp://host:587 or smtps://host:465, with user:password@ in front of the host, or nothing"
    case .mailSender: "name@example.com or Name <name@example.com>, or nothing"
    case .url: "an http or https URL, with a path where the pages stand below one, such as https://example.com/wonder"
    case .schedule:
      "off, daily HH:MM, weekly DAY HH:MM (mon to sun; both in UTC) or every SPAN from 10m to 366d, for example every 6h"
    case .backupPlace: "the whole path of a folder, or s3://BUCKET/PREFIX, or nothing"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .count(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .size(let range):
      "a size from \(Quantity.size(range.lowerBound)) to \(Quantity.size(range.upperBound)), for example 100MB"
    case .span(let range):
      "a time from \(Quantity.span(range.lowerBound)) to \(Quantity.span(range.upperBound)), for example 30s, 10m, 24h or 7d"
    case .amount(let range): "a number from \(range.lowerBound) to \(range.upperBound), for example 50M"
    }
  }
}
