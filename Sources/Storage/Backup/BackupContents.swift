import Basics

/// The names in a backup, and where each one goes: `backup.json` first, `SHA256SUMS` last, nothing else but files.
enum BackupEntry: Equatable {
  case header, database, key, sums
  case blob(String)

  static let format: Int64 = 1

  init?(name: String) {
    switch name {
    case "backup.json": self = .header
    case "wonder.db": self = .database
    case "secret.key": self = .key
    case "SHA256SUMS": self = .sums
    default:
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "files", parts[1].utf8.count == 2, parts[2].hasPrefix(parts[1]),
        Blobs.isName(parts[2])
      else { return nil }
      self = .blob(String(parts[2]))
    }
  }

  var name: String {
    switch self {
    case .header: "backup.json"
    case .database: "wonder.db"
    case .key: "secret.key"
    case .sums: "SHA256SUMS"
    case .blob(let blob): "files/\(blob.prefix(2))/\(blob)"
    }
  }
}

/// What a backup says of itself in its first file.
package struct BackupHeader: Sendable, Equatable {
  package let createdAt: String
  package let schema: Int64
  /// Files of jobs, and the bytes of everything but this header and the sums.
  package let files: Int64
  package let bytes: Int64

  package init(createdAt: String, schema: Int64, files: Int64, bytes: Int64) {
    self.createdAt = createdAt
    self.schema = schema
    self.files = files
    self.bytes = bytes
  }

  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("format", BackupEntry.format)
      document.member("created_at", createdAt)
      document.member("schema", schema)
      document.member("files", files)
      document.member("bytes", bytes)
    }
    return writer.bytes + [0x0A]
  }

  static func read(_ bytes: [UInt8]) throws -> BackupHeader {
    guard let document = try? JSONReader.parse(bytes), let format = document["format"]?.integer else {
      throw BackupFailure.notABackup("backup.json cannot be read")
    }
    guard format == BackupEntry.format else { throw BackupFailure.newerFormat(format) }
    guard let createdAt = document["created_at"]?.string, let schema = document["schema"]?.integer,
      let files = document["files"]?.integer, let bytes = document["bytes"]?.integer
    else { throw BackupFailure.notABackup("backup.json lacks a member") }
    return BackupHeader(createdAt: createdAt, schema: schema, files: files, bytes: bytes)
  }
}
