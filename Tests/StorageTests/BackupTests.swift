import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// One file that holds everything, and that is refused when a byte of it is not as it was.
final class BackupTests: XCTestCase {
  private static let moment = Timestamp(milliseconds: 1_773_302_400_000)

  /// A store with one finished job: an input and an output on disk.
  private func makeStore(_ directory: TemporaryDirectory) throws -> Store {
    let store = try Store(path: directory.path + "/data")
    let blobs = try store.blobs.place([
      directory.file("in", Array("input".utf8)), directory.file("out", Array(repeating: 7, count: 300_000)),
    ])
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: Self.moment, in: database)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: Self.moment), in: database)
      try Inputs.insert(
        NewInput(fileName: "a.png", .file(blob: blobs[0], size: 5, sha256: nil)), job: job, position: 0, in: database)
      let output = NewOutput(
        inputID: 1, fileName: "a.jpg", mediaType: "image/jpeg", size: 300_000,
        sha256: SHA256.digest([UInt8](repeating: 7, count: 300_000)), width: nil, height: nil)
      try Outputs.insert(output, job: job, position: 0, blob: blobs[1], at: Self.moment, in: database)
    }
    return store
  }

  private func makeBackup(_ directory: TemporaryDirectory) throws -> String {
    let store = try makeStore(directory)
    defer { store.close() }
    let snapshot = try store.makeSnapshot(at: Self.moment)
    XCTAssertEqual(snapshot.missing, [])
    let path = directory.path + "/backup.tar"
    try BackupFile.write(snapshot, to: path, at: Self.moment) { _, _ in }
    let name = try XCTUnwrap(snapshot.path.split(separator: "/").last)
    XCTAssertTrue(try store.removeSnapshot(String(name)))
    XCTAssertEqual(try FileTree.names(in: store.directory.spoolPath), [])
    return path
  }

  private func verify(_ path: String, _ directory: TemporaryDirectory) throws -> BackupCheck.Report {
    try BackupCheck.verify(path, scratch: directory.path) { _, _ in }
  }

  private func restore(_ path: String, into target: String) throws -> BackupHeader {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    return try Restore.run(from: descriptor, named: path, into: target) { _, _ in }
  }

  func testBackup_RestoresToTheSameStore() throws {
    let directory = try TemporaryDirectory()
    let path = try makeBackup(directory)
    var status = stat()
    XCTAssertEqual(stat(path, &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o600)
    let report = try verify(path, directory)
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.header.files, 2)
    XCTAssertEqual(report.header.createdAt, "2026-03-12T08:00:00.000Z")
    XCTAssertEqual(try restore(path, into: directory.path + "/new"), report.header)
    let old = try Store(path: directory.path + "/data")
    let new = try Store(path: directory.path + "/new")
    XCTAssertEqual(new.identifiers.text(.request, 1), old.identifiers.text(.request, 1))
    XCTAssertEqual(try new.verify(), [])
    XCTAssertEqual(try new.read { try Outputs.all(job: 1, in: $0) }, try old.read { try Outputs.all(job: 1, in: $0) })
    old.close()
    new.close()
  }

  func testStoredFiles_AreInABackup_AndWhatStillComesIsNot() throws {
    let directory = try TemporaryDirectory()
    let store = try makeStore(directory)
    let kept = try store.blobs.place([directory.file("kept", Array("kept".utf8))])
    let coming = try store.blobs.make { $0 }
    try store.writeBlocking { database in
      _ = try StoredFiles.insert(
        NewStoredFile(
          workspaceID: 1, folderID: nil, name: "kept", mediaType: "text/plain", size: 4,
          sha256: SHA256.digest(Array("kept".utf8)), blob: kept[0], createdAt: Self.moment), in: database)
      _ = try Arrivals.insert(
        1, folder: nil, name: "coming", mediaType: nil, size: 9, blob: coming, at: Self.moment, in: database)
    }
    let snapshot = try store.makeSnapshot(at: Self.moment)
    let path = directory.path + "/backup.tar"
    try BackupFile.write(snapshot, to: path, at: Self.moment) { _, _ in }
    XCTAssertEqual(try store.verify(), [])
    store.close()
    let report = try verify(path, directory)
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(report.header.files, 3)
    _ = try restore(path, into: directory.path + "/new")
    let new = try Store(path: directory.path + "/new")
    defer { new.close() }
    XCTAssertEqual(try new.verify(), [])
    XCTAssertTrue(try new.blobs.names().contains(kept[0]))
    XCTAssertFalse(try new.blobs.names().contains(coming))
    new.blobs.remove(kept)
    XCTAssertEqual(try new.verify().count, 1)
  }

  func testBackup_IsAnArchiveForTarAndSha256sum() throws {
    let directory = try TemporaryDirectory()
    let path = try makeBackup(directory)
    let target = directory.path + "/x"
    mkdir(target, 0o700)
    XCTAssertEqual(try Shell.run("tar", "-xf", path, "-C", target).code, 0)
    let sums = try Shell.run("sh", "-c", "cd \(target) && sha256sum -c SHA256SUMS")
    XCTAssertEqual(sums.code, 0, sums.text)
    XCTAssertEqual(sums.text.split(separator: "\n").count, 5)
  }

  /// Every byte counts but those that fill up blocks.
  func testChangedByte_IsFoundWhereverItIs() throws {
    let directory = try TemporaryDirectory()
    let bytes = try FileBytes.read(makeBackup(directory), atMost: 1 << 24)
    for offset in stride(from: 1, to: bytes.count - 1024, by: 9973) where bytes[offset] != 0 {
      var changed = bytes
      changed[offset] ^= 0x10
      let path = try directory.file("changed.tar", changed)
      let isFound: Bool
      do { isFound = try !verify(path, directory).problems.isEmpty } catch { isFound = error is BackupFailure }
      XCTAssertTrue(isFound, "offset \(offset)")
    }
  }

  func testCutBackup_RestoresNothing() throws {
    let directory = try TemporaryDirectory()
    let bytes = try FileBytes.read(makeBackup(directory), atMost: 1 << 24)
    for count in [0, 100, 512, 5000, bytes.count / 2, bytes.count - 1025] {
      let path = try directory.file("cut.tar", Array(bytes[..<count]))
      XCTAssertThrowsError(try restore(path, into: directory.path + "/new")) { XCTAssertTrue($0 is BackupFailure) }
      XCTAssertEqual(try FileTree.names(in: directory.path + "/new"), ["lock"])
    }
  }

  func testRestore_OverSomething_IsRefused() throws {
    let directory = try TemporaryDirectory()
    let path = try makeBackup(directory)
    XCTAssertThrowsError(try restore(path, into: directory.path + "/data")) { error in
      XCTAssertEqual(error as? BackupFailure, .notEmpty(directory.path + "/data"))
    }
  }

  func testForeignArchives_AreRefused() throws {
    let directory = try TemporaryDirectory()
    let header = BackupHeader(createdAt: "x", schema: 1, files: 0, bytes: 0).json
    let newer = Array(#"{"format":2}"#.utf8)
    for (files, words) in [
      ([("a.txt", [1])], "does not begin with backup.json"), ([("backup.json", newer)], "a newer wonder made"),
      ([("backup.json", header), ("../../etc/passwd", [1])], "it holds ../../etc/passwd"),
      ([("backup.json", header), ("files/00/01x4", [1])], "it holds files/00/01x4"),
      ([("backup.json", header)], "ends before SHA256SUMS"),
    ] as [([(String, [UInt8])], String)] {
      var bytes: [UInt8] = []
      for (name, content) in files {
        bytes += TarHeader(name: name, size: Int64(content.count), modified: 0).bytes + content
        bytes += [UInt8](repeating: 0, count: TarHeader.padding(after: Int64(content.count)))
      }
      let path = try directory.file("other.tar", bytes + [UInt8](repeating: 0, count: 1024))
      XCTAssertThrowsError(try verify(path, directory)) { XCTAssertTrue("\($0)".contains(words), "\($0)") }
    }
  }

  func testSnapshot_KeepsFilesThatAreDeletedMeanwhile() throws {
    let directory = try TemporaryDirectory()
    let store = try makeStore(directory)
    defer { store.close() }
    let blobs = try store.blobs.names()
    store.blobs.holdingDeletions {
      store.blobs.remove(blobs)
      XCTAssertEqual(try? store.blobs.names().count, 2)
    }
    XCTAssertEqual(try store.blobs.names(), [])
    let snapshot = try store.makeSnapshot(at: Self.moment)
    XCTAssertEqual(snapshot.missing.count, 2)
    XCTAssertEqual(snapshot.header.files, 0)
  }

  func testSnapshotThatLostAFile_BecomesNoBackup() throws {
    let directory = try TemporaryDirectory()
    let store = try makeStore(directory)
    defer { store.close() }
    let snapshot = try store.makeSnapshot(at: Self.moment)
    unlink(try snapshot.path + "/" + XCTUnwrap(store.blobs.names().first))
    let path = directory.path + "/backup.tar"
    XCTAssertThrowsError(try BackupFile.write(snapshot, to: path, at: Self.moment) { _, _ in }) { error in
      XCTAssertTrue("\(error)".contains("1 files with"), "\(error)")
    }
    XCTAssertEqual(try FileTree.names(in: directory.path).filter { $0.hasPrefix("backup") }, [])
  }

  func testVerify_NamesAFileThatTheArchiveLacks() throws {
    let directory = try TemporaryDirectory()
    let store = try makeStore(directory)
    defer { store.close() }
    let lost = try XCTUnwrap(store.blobs.names().first)
    store.blobs.remove([lost])
    let path = directory.path + "/backup.tar"
    try BackupFile.write(store.makeSnapshot(at: Self.moment), to: path, at: Self.moment) { _, _ in }
    XCTAssertEqual(try verify(path, directory).problems, ["\(lost), which a job names, is missing"])
  }

  func testVerify_OfTheDataDirectory_ReadsEveryFile() throws {
    let directory = try TemporaryDirectory()
    let store = try makeStore(directory)
    defer { store.close() }
    XCTAssertEqual(try store.verify(), [])
    let output = try XCTUnwrap(store.read { try Outputs.all(job: 1, in: $0).first })
    try FileBytes.write([UInt8](repeating: 8, count: 300_000), to: store.blobs.path(output.blob))
    XCTAssertEqual(try store.verify(), ["\(output.blob) is not what its job recorded"])
    store.blobs.remove([output.blob])
    XCTAssertTrue(try store.verify().first?.contains("which a job names") ?? false)
  }

  func testHeader_HoldsSizesOverEightGibibytes() throws {
    for size in [0, 511, 512, 8_589_934_591, 8_589_934_592, 1 << 50] as [Int64] {
      let header = TarHeader(name: "files/00/00abc", size: size, modified: 1_773_302_400)
      XCTAssertEqual(try TarHeader.read(header.bytes), header)
    }
    XCTAssertNil(try TarHeader.read([UInt8](repeating: 0, count: 512)))
  }
}
