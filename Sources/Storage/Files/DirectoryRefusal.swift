import Basics
import Glibc

/// Finds out why a data directory cannot be made or written, which the error number alone does not tell.
struct DirectoryRefusal {
  let path: String
  let failure: SystemFailure
  var user = geteuid()
  var unit = ServiceUnit.current

  /// The words for it, or nil when the failure has nothing to do with permissions.
  var reason: StoreFailure? {
    switch failure.code {
    case EROFS: readOnly
    case EACCES, EPERM: .notWritable(path: absolute, reason: "\(failure)", hint: hint)
    case ENOTDIR: .notWritable(path: absolute, reason: "\(failure)", hint: "name a directory with --data")
    case ENOENT where failure.call == "mkdir":
      .notWritable(
        path: absolute, reason: "\(failure)",
        hint: "make the folder that it is to be in, or name another one with --data")
    default: nil
    }
  }

  private var readOnly: StoreFailure {
    guard let mount = Mount(of: nearest), mount.isReadOnly || mount.isReadOnlyForAll else {
      return .notWritable(path: absolute, reason: "\(failure)", hint: "name another one with --data")
    }
    guard let unit, !mount.isReadOnlyForAll else { return .readOnly(path: absolute) }
    return .protected(path: absolute, unit: unit.name, edit: unit.edit, user: user)
  }

  private var hint: String {
    let homes = ["/home/", "/root/", "/run/user/"]
    if let unit, homes.contains(where: { (absolute + "/").hasPrefix($0) }) {
      return
        "the unit \(unit.name) keeps home directories from it (ProtectHome=), so name one elsewhere, such as /srv/wonder"
    }
    return DirectoryRefusal.handOver(absolute, to: user)
  }

  /// What makes a directory usable for a user.
  static func handOver(_ path: String, to user: UInt32) -> String {
    "give it, with all that is in it, to that user (`mkdir -p \(path)`, `chown -R \(user) \(path)`), or name another one with "
      + "--data"
  }

  private var absolute: String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    let base = String(cString: folder)
    return (base == "/" ? "" : base) + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
  }

  /// The directory, or the folder that it would be made in.
  private var nearest: String {
    var place = absolute
    while access(place, F_OK) != 0, place != "/" { place = FileBytes.directory(of: place) }
    return place
  }
}
