import Storage
import TestSupport
import XCTest

@testable import Appliance

/// What the doctor reads of packages and fonts.
final class InstalledPackagesTests: XCTestCase {
  func testVersions_AreThoseOfInstalledPackages() throws {
    let directory = try TemporaryDirectory()
    let list = """
      Package: qpdf
      Status: install ok installed
      Version: 11.3.0-1

      Package: ffmpeg
      Status: deinstall ok config-files
      Version: 7:5.1.9

      Package: other
      Status: install ok installed
      Version: 1

      """
    try FileBytes.write(Array(list.utf8), to: directory.path + "/status")
    let options = ["--admindir=\(directory.path)"]
    let names: Set = ["qpdf", "ffmpeg", "unheard-of"]
    XCTAssertEqual(DebianPackages.versions(of: names, options: options), ["qpdf": "11.3.0-1"])
    XCTAssertEqual(DebianPackages.versions(of: ["qpdf"], options: options + ["--no-such-option"]), [:])
    XCTAssertEqual(DebianPackages.versions(of: []), [:])
  }

  func testFonts_AreCountedByFamily() {
    let fonts = FontFamilies(files: [
      "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoColorEmoji.ttf",
      "wqy-zenhei.ttc", "fonts.dir", "README",
    ])
    XCTAssertEqual(fonts.all.count, 4)
    XCTAssertEqual(fonts.cjk, ["notosanscjk", "wqy"])
    XCTAssertEqual(fonts.emoji, ["notocoloremoji"])
  }
}
