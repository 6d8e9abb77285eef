import XCTest

@testable import HTTP

final class RouterTests: XCTestCase {
  func testRespond_WithLiteralAndParameter_PrefersTheLiteral() async {
    await expect(.get, "/jobs/latest", 200, "latest")
    await expect(.get, "/jobs/7", 200, "job 7")
    await expect(.get, "/jobs/latest/events", 200, "events of latest")
  }

  func testRespond_WithUnknownPath_IsNotFound() async {
    for path in ["/", "/job", "/jobs/", "/jobs/7/", "/jobs//events", "/jobs/7/x", "//jobs"] {
      await expect(.get, path, 404, "fallback not_found")
    }
  }

  func testRespond_WithOtherMethod_TellsTheAllowedOnes() async {
    let response = await expect(.delete, "/jobs/7", 405, "jobs method_not_allowed")
    XCTAssertEqual(response.headers[.allow], "GET, HEAD, PUT, OPTIONS")
  }

  func testRespond_ToHead_AnswersAsGet() async {
    await expect(.head, "/jobs/7", 200, "job 7")
  }

  func testRespond_ToOptions_TellsTheAllowedMethods() async {
    let response = await expect(.options, "/jobs/7", 204, "")
    XCTAssertEqual(response.headers[.allow], "GET, HEAD, PUT, OPTIONS")
    await expect(.options, "*", 204, "")
  }

  func testRespond_WithFailingHandler_IsRenderedByItsGroup() async {
    await expect(.put, "/jobs/7", 500, "jobs unknown")
  }

  func testRespond_WithLargeBody_IsRefusedBeforeTheHandler() async {
    let body = RequestBody(bytes: Array(repeating: 0, count: 11))
    await expect(.post, "/small", 413, "other content_too_large", body: body)
    await expect(.post, "/small", 200, "10", body: RequestBody(bytes: Array(repeating: 0, count: 10)))
  }

  func testRespond_ToATokenThatBeginsWithACombiningMark_HidesItAllTheSame() async {
    let router = Router(
      groups: [RouteGroup([Route(.get, "/files/{token}") { _ in .text(.ok, "") }], refuse: refusal("files"))],
      fallback: refusal("fallback"))
    var request = Request(.get, "/files/\u{20EC}secret")
    let response = await router.respond(to: &request)
    XCTAssertEqual(response.status, .ok)
    XCTAssertEqual(request.loggedPath, "/files/...")
  }

  @discardableResult
  private func expect(
    _ method: HTTP.Method, _ path: String, _ status: Int, _ text: String, body: RequestBody = RequestBody()
  ) async -> Response {
    var request = Request(method, path, body: body)
    let response = await router.respond(to: &request)
    XCTAssertEqual(response.status.code, status, path)
    if case .bytes(let bytes) = response.body {
      XCTAssertEqual(String(decoding: bytes, as: UTF8.self), text)
    } else {
      XCTAssertEqual(text, "")
    }
    return response
  }

  private struct Broken: Error {}

  private let router = Router(
    groups: [
      RouteGroup(
        [
          Route(.get, "/jobs/latest") { _ in .text(.ok, "latest") },
          Route(.get, "/jobs/{job}") { .text(.ok, "job \($0.parameters["job"] ?? "")") },
          Route(.put, "/jobs/{id}") { _ in throw Broken() },
          Route(.get, "/jobs/{job}/events") { .text(.ok, "events of \($0.parameters["job"] ?? "")") },
        ], refuse: refusal("jobs")),
      RouteGroup(
        [
          Route(.post, "/small", bodyLimit: 10) { .text(.ok, "\(try await $0.body.collect(atMost: 100).count)") }
        ], refuse: refusal("other")),
    ], fallback: refusal("fallback"))
}

/// A renderer that names its group and the failure.
func refusal(_ group: String) -> RouteGroup.Refuse {
  { error, _ in
    let failure = error as? HTTPFailure
    return .text(failure?.status ?? .internalServerError, "\(group) \(failure?.word ?? "unknown")")
  }
}
