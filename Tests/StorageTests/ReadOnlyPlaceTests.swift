import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// What a data directory that cannot be written is told to be: the mount's, the unit's, or this user's matter.
final class ReadOnlyPlaceTests: XCTestCase {
  private static let mounts = """
    22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    31 22 8:1 /srv /srv ro,relatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=remount-ro
    32 22 8:2 / /mnt/a\\040b ro - xfs /dev/sdb ro,noquota
    33 22 0:40 / /mnt/empty rw -  tmpfs rw
    """

  func testMount_IsReadOnlyHereOrForAll() {
    XCTAssertEqual(Mount(number: "22", in: Self.mounts)?.isReadOnly, false)
    XCTAssertEqual(Mount(number: "31", in: Self.mounts)?.isReadOnly, true)
    XCTAssertEqual(Mount(number: "31", in: Self.mounts)?.isReadOnlyForAll, false)
    XCTAssertEqual(Mount(number: "32", in: Self.mounts)?.isReadOnlyForAll, true)
    XCTAssertNil(Mount(number: "99", in: Self.mounts))
    XCTAssertNil(Mount(number: "22", in: "22 1 8:1 / / rw"))
    XCTAssertNotNil(Mount(of: "/tmp"))
    XCTAssertNil(Mount(of: "/nowhere/at/all"))
  }

  func testUnit_IsTheOneThatRunsTheProcess() {
    func unit(_ cgroups: String, _ invocation: String? = "abc") -> ServiceUnit? {
      ServiceUnit(invocation: invocation, cgroups: cgroups)
    }
    XCTAssertEqual(unit("0::/system.slice/wonder.service\n")?.edit, "systemctl edit wonder")
    XCTAssertEqual(unit("2:cpu:/\n1:name=systemd:/system.slice/files.service\n0::/\n")?.edit, "systemctl edit files")
    XCTAssertEqual(
      unit("0::/user.slice/user-1000.slice/user@1000.service/app.slice/wonder.service\n")?.edit,
      "systemctl --user edit wonder")
    XCTAssertEqual(unit("0::/\n")?.name, "wonder")
    XCTAssertEqual(unit("")?.name, "wonder")
    // A terminal hands its variables to what is started in it.
    XCTAssertNil(unit("0::/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1.scope\n"))
    XCTAssertNil(unit("0::/system.slice/wonder.service\n", nil))
    XCTAssertNil(unit("0::/system.slice/wonder.service\n", ""))
  }

  func testRefusal_OfAPlaceThatIsNotReadOnlyMounted_NamesTheCallOnly() throws {
    let directory = try TemporaryDirectory()
    let unit = ServiceUnit(invocation: "abc", cgroups: "0::/system.slice/wonder.service")
    for code in [EROFS, EACCES, EPERM] {
      for unit in [unit, nil] {
        let failure = SystemFailure("mkdir", directory.path + "/data", code: code)
        let refusal = DirectoryRefusal(path: directory.path + "/data", failure: failure, user: 998, unit: unit)
        let words = refusal.reason?.description ?? ""
        XCTAssertTrue(words.contains("cannot be used by this user (\(failure))"), words)
        XCTAssertFalse(words.contains("mounted") || words.contains("ProtectSystem"), words)
      }
    }
    for code in [EIO, ENOSPC, ENOENT] {
      let failure = SystemFailure("open", directory.path, code: code)
      XCTAssertNil(DirectoryRefusal(path: directory.path, failure: failure).reason)
    }
  }

  func testRefusal_InAHomeDirectoryOfAUnit_NamesItsProtection() {
    let failure = SystemFailure("mkdir", "/home/ada/wonder", code: EACCES)
    let unit = ServiceUnit(invocation: "abc", cgroups: "0::/system.slice/wonder.service")
    let words = DirectoryRefusal(path: "/home/ada/wonder", failure: failure, user: 998, unit: unit).reason?.description
    XCTAssertTrue(words?.contains("ProtectHome=") ?? false, words ?? "")
    let plain = DirectoryRefusal(path: "/home/ada/wonder", failure: failure, user: 998, unit: nil).reason?.description
    XCTAssertTrue(plain?.contains("chown -R 998 /home/ada/wonder") ?? false, plain ?? "")
  }
}
