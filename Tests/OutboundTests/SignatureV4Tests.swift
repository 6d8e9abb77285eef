import Basics
import XCTest

@testable import Outbound

/// The signatures that Amazon has published: its test suite for version 4, and the examples of S3's reference.
final class SignatureV4Tests: XCTestCase {
  private typealias Pairs = [(name: String, value: String)]

  private static let nothing = Hexadecimal.encode(SHA256.digest([]))

  /// One of the suite's requests, all of 2015-08-30T12:36:00Z to example.amazonaws.com.
  private func suite(_ method: String, _ path: String, query: Pairs = [], headers: Pairs = []) -> String {
    let signer = SignatureV4(
      CloudCredentials(user: "AKIDEXAMPLE", password: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", service: "service")
    return signature(
      signer.authorization(
        method, path, query: query,
        headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")] + headers,
        payload: Self.nothing, at: "20150830T123600Z"))
  }

  /// One of the reference's, all of 2013-05-24 to examplebucket.
  private func reference(
    _ method: String, _ path: String, query: Pairs = [], headers: Pairs = [], body: String = ""
  ) -> String {
    let signer = SignatureV4(
      CloudCredentials(user: "AKIAIOSFODNN7EXAMPLE", password: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1")
    let payload = Hexadecimal.encode(SHA256.digest(body.utf8))
    return signature(
      signer.authorization(
        method, path, query: query,
        headers: [
          ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", payload),
          ("x-amz-date", "20130524T000000Z"),
        ] + headers, payload: payload, at: "20130524T000000Z"))
  }

  private func signature(_ authorization: String) -> String {
    String(authorization.split(separator: "=").last ?? "")
  }

  func testSuite_HasTheSignaturesThatArePublished() {
    XCTAssertEqual(suite("GET", "/"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    XCTAssertEqual(suite("POST", "/"), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
    XCTAssertEqual(
      suite("GET", "/", query: [("Param2", "value2"), ("Param1", "value1")]),
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")
    XCTAssertEqual(
      suite("GET", "/%E1%88%B4"), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")
    XCTAssertEqual(
      suite("GET", "/", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")]),
      "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")
  }

  func testReference_HasTheSignaturesThatArePublished() {
    XCTAssertEqual(
      reference("GET", "/test.txt", headers: [("Range", "bytes=0-9")]),
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    XCTAssertEqual(
      reference(
        "PUT", "/test%24file.text",
        headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        body: "Welcome to Amazon S3."),
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    XCTAssertEqual(
      reference("GET", "/", query: [("lifecycle", "")]),
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    XCTAssertEqual(
      reference("GET", "/", query: [("max-keys", "2"), ("prefix", "J")]),
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
  }

  func testDate_IsTheShortFormOfAMoment() {
    XCTAssertEqual(SignatureV4.date(Timestamp(milliseconds: 1_440_938_160_789)), "20150830T123600Z")
  }

  func testAPlace_IsReadAsItWasKept_AndShowsNoSecret() {
    let places = [
      CloudPlace(s3: nil, region: "eu-central-1", bucket: "b", key: "a/b c.png"),
      CloudPlace(s3: "http://10.0.0.1:9000/", region: nil, bucket: "b.c", key: "k", style: .path),
      CloudPlace(ftp: "ftp.example.com:2121", path: "/a/b", needsTLS: true),
    ]
    for place in places {
      XCTAssertEqual(CloudPlace(text: place.text), place)
      XCTAssertNil(place.problem().map { $0.text })
    }
    XCTAssertEqual(places[0].endpoint, "https://s3.eu-central-1.amazonaws.com")
    XCTAssertEqual(places[0].moved(to: "us-west-2").endpoint, "https://s3.us-west-2.amazonaws.com")
    XCTAssertEqual(places[1].moved(to: "us-west-2").endpoint, "http://10.0.0.1:9000")
    let secret = CloudCredentials(user: "ann", password: "hush", token: "t")
    XCTAssertEqual(CloudCredentials(text: secret.text), secret)
    XCTAssertFalse("\(secret) \(String(reflecting: secret))".contains("hush"))
  }

  func testAPlaceThatCannotBe_IsRefusedByItsPart() {
    let cases: [(CloudPlace, CloudPlace.Part)] = [
      (CloudPlace(s3: "ftp://a", region: nil, bucket: "b", key: "k"), .endpoint),
      (CloudPlace(s3: "https://", region: nil, bucket: "b", key: "k"), .endpoint),
      (CloudPlace(s3: "https://a/b", region: nil, bucket: "b", key: "k"), .endpoint),
      (CloudPlace(s3: "https://u@a", region: nil, bucket: "b", key: "k"), .endpoint),
      (CloudPlace(s3: "https://a:0", region: nil, bucket: "b", key: "k"), .endpoint),
      (CloudPlace(s3: nil, region: "a/b", bucket: "b", key: "k"), .region),
      (CloudPlace(s3: nil, region: nil, bucket: "b/c", key: "k"), .bucket),
      (CloudPlace(s3: nil, region: nil, bucket: "b c", key: "k"), .bucket),
      (CloudPlace(s3: nil, region: nil, bucket: "", key: "k"), .bucket),
      (CloudPlace(s3: "https://a", region: "a b", bucket: "b", key: "k"), .region),
      (CloudPlace(s3: "https://a", region: nil, bucket: "b/c", key: "k"), .bucket),
      (CloudPlace(s3: "https://a", region: nil, bucket: "", key: "k"), .bucket),
      (CloudPlace(s3: "https://a", region: nil, bucket: "b", key: ""), .path),
      (CloudPlace(s3: "https://a", region: nil, bucket: "b", key: "a/../c"), .path),
      (CloudPlace(s3: "https://a", region: nil, bucket: "b", key: "a\nb"), .path),
      (CloudPlace(ftp: "", path: "a"), .endpoint), (CloudPlace(ftp: "a", path: "a/"), .path),
      (CloudPlace(ftp: "a", path: "a\r\nDELE b"), .path),
    ]
    for (place, part) in cases { XCTAssertEqual(place.problem()?.part, part, place.text) }
    XCTAssertEqual(CloudCredentials(user: "a\r\nDELE b", password: "").problem(for: .ftp)?.part, .user)
    XCTAssertEqual(CloudCredentials(user: "a", password: "").problem(for: .s3)?.part, .password)
  }
}
