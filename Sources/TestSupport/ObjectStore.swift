import Basics
import Synchronization

/// A small store on 127.0.0.1 that speaks S3's protocol: it checks each signature by itself and keeps what it is sent.
package final class ObjectStore: Sendable {
  package struct Object: Sendable, Equatable {
    package let bytes: [UInt8]
    package let type: String?

    package init(bytes: [UInt8], type: String?) {
      self.bytes = bytes
      self.type = type
    }
  }

  private struct State {
    var objects: [String: Object] = [:]
    /// The parts of each upload that was begun.
    var uploads: [String: [Int: [UInt8]]] = [:]
    var begun = 0
  }

  private final class Shelf: Sendable {
    let state = Mutex(State())
  }

  package static let user = "AKIDEXAMPLE"
  package static let password = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  package static let bucket = "pictures"

  private let shelf = Shelf()
  package let receiver: WebhookReceiver

  /// `meddle` may answer in the store's place; it is asked first.
  package init(meddle: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer? = { _ in nil }) throws {
    receiver = try WebhookReceiver { [shelf] request in meddle(request) ?? ObjectStore.answer(request, shelf) }
  }

  package var endpoint: String { "http://127.0.0.1:\(receiver.port)" }
  /// What it has, by the path of a request.
  package var objects: [String: Object] { shelf.state.withLock { $0.objects } }
  /// How many uploads in parts are neither finished nor let go of.
  package var openUploads: Int { shelf.state.withLock { $0.uploads.count } }

  package func put(_ path: String, _ bytes: [UInt8]) {
    shelf.state.withLock { $0.objects[path] = Object(bytes: bytes, type: nil) }
  }

  private static func answer(_ request: ReceivedRequest, _ shelf: Shelf) -> WebhookReceiver.Answer {
    if let code = refusal(of: request) { return error(403, code) }
    let (target, query) = split(request.path)
    let path = request["host"]?.hasPrefix(bucket + ".") ?? false ? "/\(bucket)" + target : target
    guard path.hasPrefix("/\(bucket)/") else { return error(404, "NoSuchBucket") }
    return shelf.state.withLock { state in
      switch (request.method, query["uploadId"], query["partNumber"].flatMap { Int($0) }) {
      case ("GET", _, _) where query["list-type"] != nil:
        return .status(200, body: "<ListBucketResult></ListBucketResult>")
      case ("GET", _, _):
        guard let object = state.objects[path] else { return error(404, "NoSuchKey") }
        let sum = Base64.encode(SHA256.digest(object.bytes))
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(object.bytes.count)\r\nx-amz-checksum-sha256: \(sum)\r\n\r\n"
        return .raw(Array(head.utf8) + object.bytes)
      case ("PUT", let upload?, let number?):
        guard state.uploads[upload] != nil else { return error(404, "NoSuchUpload") }
        state.uploads[upload]?[number] = request.body
        return .status(200, headers: [("ETag", "\"part-\(number)\"")])
      case ("PUT", _, _):
        state.objects[path] = Object(bytes: request.body, type: request["content-type"])
        return .status(200, headers: [("ETag", "\"whole\"")])
      case ("POST", let upload?, _):
        guard let parts = state.uploads.removeValue(forKey: upload) else { return error(404, "NoSuchUpload") }
        let told = parts.keys.sorted().map { "<Part><PartNumber>\($0)</PartNumber><ETag>\"part-\($0)\"</ETag></Part>" }
        guard request.text.contains(told.joined()) else { return error(400, "InvalidPart") }
        state.objects[path] = Object(bytes: parts.sorted { $0.key < $1.key }.flatMap(\.value), type: nil)
        return .status(200, body: "<CompleteMultipartUploadResult><ETag>\"all\"</ETag></CompleteMultipartUploadResult>")
      case ("POST", nil, _):
        state.begun += 1
        state.uploads["upload+\(state.begun)/x"] = [:]
        return .status(200, body: "<X><UploadId>upload+\(state.begun)/x</UploadId></X>")
      case ("DELETE", let upload?, _):
        state.uploads[upload] = nil
        return .status(204)
      case ("DELETE", nil, _):
        state.objects[path] = nil
        return .status(204)
      default: return error(405, "MethodNotAllowed")
      }
    }
  }

  /// An answer as the protocol has it for what goes wrong.
  package static func error(_ status: Int, _ code: String) -> WebhookReceiver.Answer {
    .status(status, body: "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>no</Message></Error>")
  }

  /// Path and query of a target, the values of the query decoded.
  private static func split(_ target: String) -> (path: String, query: [String: String]) {
    let parts = target.split(separator: "?", maxSplits: 1)
    var query: [String: String] = [:]
    for pair in parts.dropFirst().joined().split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
      query[sides[0]] = sides.count > 1 ? PercentEncoding.decode(sides[1].utf8) ?? "" : nil
    }
    return (parts.first.map(String.init) ?? "/", query)
  }

  /// What is wrong with the signature, by the rules of the protocol and the bytes that came; nil when nothing is.
  private static func refusal(of request: ReceivedRequest) -> String? {
    let words = (request["authorization"] ?? "").split(whereSeparator: { $0 == " " || $0 == "," })
    func word(_ name: String) -> String {
      String(words.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1) ?? "")
    }
    let scope = word("Credential").split(separator: "/").map(String.init)
    guard scope.count == 5, scope[0] == user else { return "InvalidAccessKeyId" }
    let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
    let names = word("SignedHeaders").split(separator: ";").map(String.init)
    guard names.contains("host"), names == names.sorted() else { return "SignatureDoesNotMatch" }
    let fields = names.map { "\($0):\(request[$0] ?? "")\n" }.joined()
    let payload = request["x-amz-content-sha256"] ?? ""
    let canonical =
      "\(request.method)\n\(parts[0])\n\(parts.count > 1 ? parts[1] : "")\n\(fields)\n\(names.joined(separator: ";"))\n\(payload)"
    let date = request["x-amz-date"] ?? ""
    let place = scope.dropFirst().joined(separator: "/")
    let text = "AWS4-HMAC-SHA256\n\(date)\n\(place)\n" + Hexadecimal.encode(SHA256.digest(canonical.utf8))
    var key = Array(("AWS4" + password).utf8)
    for piece in scope.dropFirst() { key = HMAC(key: key).code(for: Array(piece.utf8)) }
    guard Hexadecimal.encode(HMAC(key: key).code(for: Array(text.utf8))) == word("Signature") else {
      return "SignatureDoesNotMatch"
    }
    let isBody = payload == "UNSIGNED-PAYLOAD" || payload == Hexadecimal.encode(SHA256.digest(request.body))
    return isBody ? nil : "XAmzContentSHA256Mismatch"
  }
}
