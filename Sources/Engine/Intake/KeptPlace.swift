package import Basics
import Storage

/// A place elsewhere by what a workspace keeps of it: by the name of a storage, or by the bucket that one is found by.
package struct KeptPlace: Sendable {
  /// How S3's short form begins: `s3://bucket/key`, the key as it is and not encoded.
  private static let scheme = "s3://"

  package let kind: CloudPlace.Kind
  /// Nil for the one that its bucket is found by.
  package let storage: String?
  package let bucket: String?
  package let path: String
  /// What the client calls its object; nil for what dialects call the place of a file by its number.
  package let name: String?

  package init(_ kind: CloudPlace.Kind, storage: String, bucket: String?, path: String, as name: String) {
    self.kind = kind
    self.storage = storage
    self.bucket = bucket
    self.path = path
    self.name = name
  }

  /// What an address of the short form means; nil for any other one.
  package init?(address: String) {
    guard address.prefix(KeptPlace.scheme.count).lowercased() == KeptPlace.scheme else { return nil }
    let rest = address.dropFirst(KeptPlace.scheme.count)
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    (kind, storage, name) = (.s3, nil, nil)
    (bucket, path) = (String(rest[..<end]), String(rest[end...].dropFirst()))
  }

  /// What is wrong with it as far as it says where it is, or nil.
  package func problem(isTemplate: Bool = false) -> (part: CloudPlace.Part, text: String)? {
    let place =
      kind == .s3
      ? CloudPlace(s3: nil, region: nil, bucket: bucket ?? "x", key: path) : CloudPlace(ftp: "x", path: path)
    return place.problem(isTemplate: isTemplate)
  }

  /// What is wrong with the address of a file to work on, or nil: one of the web, or of the short form.
  package static func problem(of address: String) -> String? {
    guard let place = KeptPlace(address: address) else { return WebhookAddress.problem(of: address) }
    return place.problem().map { "\($0.part == .path ? "key" : $0.part.rawValue) \($0.text)" }
  }
}

extension KeptPlace {
  /// What keeps it from being found.
  struct Missing: Error {
    /// What of its object, where it is one.
    let member: String
    let problem: String
  }

  /// With what opens it, of the storages of a workspace; the bucket that a storage has is the only one that it opens.
  func opened(
    among storages: [KeptStorage], _ credentials: (_ name: String) throws -> CloudCredentials?
  ) throws -> CloudSpot {
    let found = try storage.map { try named($0, storages) } ?? byBucket(storages)
    guard let credentials = try credentials(found.name) else { throw Refusal.unknownStorage }
    return .open(found.place(bucket: bucket, path: path), credentials)
  }

  private func named(_ name: String, _ storages: [KeptStorage]) throws(Missing) -> KeptStorage {
    guard let storage = storages.first(where: { $0.name == name && $0.kind == kind }) else {
      throw Missing(
        member: "storage",
        problem: "\"\(name)\" is not a storage of this workspace for \(kind.rawValue); valid: \(list(storages))")
    }
    if kind == .s3, let own = storage.bucket, let bucket, own != bucket {
      throw Missing(member: "bucket", problem: "the storage \(name) is of the bucket \(own)")
    }
    if kind == .s3, storage.bucket == nil, bucket == nil {
      throw Missing(member: "bucket", problem: "is required, for the storage \(name) is of any")
    }
    return storage
  }

  private func byBucket(_ storages: [KeptStorage]) throws(Missing) -> KeptStorage {
    let own = storages.filter { $0.kind == kind && $0.bucket == bucket }
    let found = own.isEmpty ? storages.filter { $0.kind == kind && $0.bucket == nil } : own
    if let storage = found.first, found.count == 1 { return storage }
    let text = bucket ?? ""
    throw Missing(
      member: "bucket",
      problem: found.isEmpty
        ? "no storage of this workspace opens the bucket \"\(text)\"; there are: \(list(storages))"
        : "more than one storage opens the bucket \"\(text)\", so name one of them: \(list(found))")
  }

  private func list(_ storages: [KeptStorage]) -> String {
    let names = storages.filter { $0.kind == kind }.map { storage in
      storage.kind == .s3 ? "\(storage.name) (\(storage.bucket.map { "bucket \($0)" } ?? "any bucket"))" : storage.name
    }
    return names.isEmpty ? "none yet" : names.joined(separator: ", ")
  }
}
