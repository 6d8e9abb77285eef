import Basics
import TestSupport
import XCTest

/// What a job has given: the name, the media type and the bytes of a file.
struct ReceivedOutput {
  let name: String
  let type: String
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
}

extension TestServer {
  /// Submits a form whose job is to be completed, and downloads all that it has made.
  func outputs(of form: MultipartForm) throws -> [ReceivedOutput] {
    let reply = try submit(form)
    XCTAssertEqual(reply.status, 202, reply.text)
    let end = try ended(reply.json["request_id"]?.string ?? "")
    XCTAssertEqual(end.json["job"]?["status"]?.string, "completed", end.text)
    return try (end.json["outputs"]?.array ?? []).map { output in
      let file = try client.get(path(of: output["download_url"]?.string))
      XCTAssertEqual(file.status, 200)
      return ReceivedOutput(
        name: output["file_name"]?.string ?? "", type: file.header("content-type") ?? "", body: file.body)
    }
  }
}
