/// A multipart/form-data body in the making, as curl writes it.
package struct MultipartForm: Sendable {
  package static let boundary = "----------------------------wonder-test-9fK2"

  private var parts: [UInt8] = []

  package init() {}

  package func field(_ name: String, _ value: String) -> MultipartForm {
    adding("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
  }

  package func file(_ name: String = "files[]", _ fileName: String, _ bytes: [UInt8]) -> MultipartForm {
    adding(
      "Content-Disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\"\r\nContent-Type: application/octet-stream",
      bytes)
  }

  package var body: [UInt8] { parts + Array("--\(MultipartForm.boundary)--\r\n".utf8) }

  package var contentType: String { "multipart/form-data; boundary=\(MultipartForm.boundary)" }

  private func adding(_ head: String, _ bytes: [UInt8]) -> MultipartForm {
    var copy = self
    copy.parts += Array("--\(MultipartForm.boundary)\r\n\(head)\r\n\r\n".utf8) + bytes + [0x0D, 0x0A]
    return copy
  }

  /// The fields of the seed page's own request.
  package static func conversion(from: String = "png", to: String = "jpg", type: String = "image") -> MultipartForm {
    MultipartForm().field("conversion_type", type).field("from", from).field("to", to)
  }
}
