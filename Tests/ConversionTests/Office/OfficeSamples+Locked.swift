import Formats
import Glibc
import TestSupport
import XCTest

@testable import Conversion

extension OfficeSamples {
  /// A text that LibreOffice has locked with a password, which our macro never does.
  static func locked(with password: String, as format: Format = .odt, by filter: String = "writer8") throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    func put(_ name: String, _ bytes: [UInt8]) throws {
      let folder = name.split(separator: "/").dropLast().joined(separator: "/")
      _ = try Shell.run("mkdir", "-p", directory.path + "/" + folder)
      let file = open(directory.path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
      defer { close(file) }
      XCTAssertEqual(write(file, bytes, bytes.count), bytes.count)
    }
    for (name, bytes) in OfficeProfile.files {
      let text = String(decoding: bytes, as: UTF8.self).replacing(
        #"verdict = "load""#, with: "Add(storing, \"Password\", \"\(password)\")", maxReplacements: 1)
      try put(name, Array(text.utf8))
    }
    try put("in-1.odt", odt())
    let target = "out.\(format.fileExtension)"
    try put("order", Array("source in-1.odt\ntarget \(target)\nwriter \(filter)\n".utf8))
    let result = try Shell.run(
      [
        "sh", "-c",
        "cd \(directory.path) && exec soffice -env:UserInstallation=file://\(directory.path) --headless --norestore"
          + " --nodefault --nologo macro:///Standard.Office.Once",
      ], environment: ["HOME": directory.path, "SAL_USE_VCLPLUGIN": "svp", "LANG": "C.UTF-8"])
    XCTAssertEqual(result.code, 0, result.text)
    return try Folder.bytes(of: directory.path + "/" + target)
  }
}
