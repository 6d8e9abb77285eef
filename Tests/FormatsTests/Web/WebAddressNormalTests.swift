import Formats
import XCTest

final class WebAddressNormalTests: XCTestCase {
  /// Spellings with the one that all of them are compared by.
  private static let table: [(String, String)] = [
    ("http://a", "http://a/"), ("http://a/", "http://a/"), ("HTTP://a/", "http://a/"), ("hTTpS://a/", "https://a/"),
    ("http://A.Example/", "http://a.example/"), ("http://a:80/", "http://a/"), ("http://a:/", "http://a/"),
    ("http://a:080/", "http://a/"), ("http://a:443/", "http://a:443/"), ("https://a:443/", "https://a/"),
    ("https://a:80/", "https://a:80/"), ("http://a:8080", "http://a:8080/"), ("http://a#b", "http://a/"),
    ("http://a/#", "http://a/"), ("http://a/b#c?d", "http://a/b"), ("http://a?b", "http://a/?b"),
    ("http://a/?", "http://a/?"), ("http://a/?b#c", "http://a/?b"), ("http://a/b?c?d", "http://a/b?c?d"),
    ("http://a/./b", "http://a/b"), ("http://a/b/../c", "http://a/c"), ("http://a/../c", "http://a/c"),
    ("http://a/b/.", "http://a/b/"), ("http://a/b/..", "http://a/"), ("http://a/b/./", "http://a/b/"),
    ("http://a/b//c", "http://a/b//c"), ("http://a//", "http://a//"), ("http://a/...", "http://a/..."),
    ("http://a/%2e%2E/c", "http://a/c"), ("http://a/b/%2E./c", "http://a/c"), ("http://a/b/.%2e", "http://a/"),
    ("http://a/%7Eb", "http://a/~b"), ("http://a/%41%42%43", "http://a/ABC"), ("http://a/%2d%5f", "http://a/-_"),
    ("http://a/%2f", "http://a/%2F"), ("http://a/%3a%40", "http://a/%3A%40"), ("http://a/%c3%a9", "http://a/%C3%A9"),
    ("http://a/\u{E9}", "http://a/%C3%A9"), ("http://a/e\u{301}", "http://a/e%CC%81"),
    ("http://a/b c", "http://a/b%20c"),
    ("http://a/%20", "http://a/%20"), ("http://a/%", "http://a/%"), ("http://a/%4", "http://a/%4"),
    ("http://a/%zz", "http://a/%zz"), ("http://a/%2541", "http://a/%2541"), ("http://a/\"<>", "http://a/%22%3C%3E"),
    ("http://a/{b}`", "http://a/%7Bb%7D%60"), ("http://a/b^c\\d", "http://a/b%5Ec%5Cd"),
    ("http://a/[b]|", "http://a/[b]|"),
    ("http://a/?%61=%3d", "http://a/?a=%3D"), ("http://a/?b=../c", "http://a/?b=../c"),
    ("http://a/?\u{FC}", "http://a/?%C3%BC"), ("http://a/?b+c", "http://a/?b+c"),
    ("http://a/?b%20c", "http://a/?b%20c"),
    ("http://a/!$&'()*+,;=:@", "http://a/!$&'()*+,;=:@"), ("http://U:P@A/", "http://U:P@a/"),
    ("http://u@a:80", "http://u@a/"), ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
    ("http://%41.example/", "http://a.example/"), ("http://\u{C4}.example", "http://xn--4ca.example/"),
    ("http://a<%3c%ff/", "http://a%3C%3C%FF/"), ("http://%ff%41/", "http://%FFa/"), ("http://a./", "http://a./"),
    ("http://a\u{0}/", "http://a%00/"), ("FTP://A:21/b", "ftp://a:21/b"),
    ("mailto:A@b", "mailto:A@b"), ("/b/../c", "/c"), ("", ""), ("#a", ""), ("http:", "http:"),
  ]

  func testNormalised_IsTheOneSpelling() {
    XCTAssertGreaterThan(Self.table.count, 60)
    for (text, expected) in Self.table {
      XCTAssertEqual(WebAddress(text).normalised.description, expected, text)
    }
  }

  func testNormalised_OfWhatIsNormalised_IsTheSame() {
    for (_, text) in Self.table { XCTAssertEqual(WebAddress(text).normalised.description, text) }
  }

  /// RFC 3492 section 7.1, without the examples whose capital letters are told apart.
  func testHosts_ArePunycode() {
    let names = [
      ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"), ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"),
      ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
      ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
      ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"), ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
      ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"), ("パフィーdeルンバ", "de-jg4avhby1noc0d"), ("そのスピードで", "d9juau41awczczp"),
    ]
    for (name, expected) in names {
      XCTAssertEqual(WebAddress("http://\(name)/").encoded.host, "xn--\(expected)", name)
    }
  }

  func testHosts_OfNoLengthThatANameHas_TakeNoTime() {
    let long = String(repeating: "\u{E9}", count: 100_000)
    XCTAssertTrue(WebAddress("http://\(long)/").encoded.host?.hasPrefix("%C3%A9") ?? false)
  }
}
