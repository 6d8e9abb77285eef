import Basics
import Engine
import Storage

/// The names of jobs, files and objects as this API shows them.
enum EnconvertNames {
  /// What object keys begin with, where the vendor names its environment.
  static let place = "live"

  /// What the client has called the job, or else we.
  static func name(of view: JobView) -> String { view.job.idempotencyKey ?? view.requestID }

  /// "env/files/{project_id}/…/{filename}"; what stands before the file's name finds it.
  static func key(of file: JobView.File, _ workspace: String) -> String {
    "\(place)/files/\(workspace)/\(file.identifier)/\(name(of: file.output))"
  }

  /// What a file is called: an archive "batch_{YYYYMMDD_HHMMSSmmm}.zip", as the seed page shows it.
  static func name(of output: Output) -> String {
    output.fileName == "archive.zip" ? source("batch", ending: ".zip", at: output.createdAt) : output.fileName
  }

  /// "3.12": a text in batches, a number in answers.
  static func seconds(_ span: Duration) -> String {
    let hundredths = span.milliseconds / 10
    return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
  }

  /// "{name}_{YYYYMMDD_HHMMSSmmm}" with the ending of a source.
  static func source(_ name: String, ending: String, at moment: Timestamp) -> String {
    let digits = moment.description.filter(\.isNumber)
    return "\(name)_\(digits.prefix(8))_\(digits.dropFirst(8))\(ending)"
  }

  /// What the file of a page is called after: its host without `www.` and the last label, and its path, so that the pages
  /// of a site are told apart.
  static func stem(of address: String) -> String {
    let place = address.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "?" && $0 != "#" }
    let parts = place.split(separator: "/")
    var host = String(parts.first ?? "").lowercased()[...]
    if host.hasPrefix("www.") { host = host.dropFirst(4) }
    if let dot = host.lastIndex(of: "."), host.last.map(\.isLetter) ?? false { host = host[..<dot] }
    let words = ([host] + parts.dropFirst()).joined(separator: "-")
    let plain = words.unicodeScalars.map { scalar -> Character in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_")
        ? Character(scalar) : "-"
    }
    return String(plain.prefix(100))
  }

  /// A name that a client gives, without a path and an ending such as that of the output.
  static func stem(ofFile name: String) -> String {
    let clean = FileNames.clean(name)
    guard let dot = clean.lastIndex(of: "."), dot != clean.startIndex,
      clean[dot...].dropFirst().allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else { return clean }
    return String(clean[..<dot])
  }
}
