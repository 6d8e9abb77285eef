import Basics
import Glibc
import Storage

/// Looks whether the files that stay are all there, and what comes in parts.
struct StoredFilesCheck {
  let data: String

  /// Nil while there are none, and for a database that cannot be asked, which another finding tells.
  func finding() -> Finding? {
    guard let found = try? look(), found.count > 0 || found.coming > 0 else { return nil }
    let name = "stored files"
    guard found.missing == 0 else {
      return Finding(
        .broken, name,
        "\(found.missing) of \(found.count) are gone from \(data)/files; `wonder admin check` names them, a backup has them"
      )
    }
    let coming = found.coming > 0 ? "; \(found.coming) more come in parts" : ""
    return Finding(.ok, name, "\(found.count), \(Quantity.size((found.bytes >> 10) << 10))\(coming)")
  }

  private func look() throws -> (count: Int, bytes: Int64, missing: Int, coming: Int) {
    let database = try Database(path: data + "/wonder.db", mode: .reading)
    defer { database.close() }
    let files = try database.all("SELECT blob, size FROM stored_files", row: { ($0.text(0), $0.integer(1)) })
    let coming = try database.first("SELECT count(*) FROM arrivals WHERE blob IS NOT NULL", row: { $0.int(0) }) ?? 0
    let missing = files.count { access("\(data)/files/\($0.0.prefix(2))/\($0.0)", F_OK) != 0 }
    return (files.count, files.reduce(0) { $0 + $1.1 }, missing, coming)
  }
}
