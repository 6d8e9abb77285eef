import Basics
import Glibc
import Storage

/// The fonts of this machine, by the names of their files.
struct FontFamilies {
  private static let folders = ["/usr/share/fonts", "/usr/local/share/fonts"]
  private static let endings = [".ttf", ".ttc", ".otf", ".pfb"]
  private static let deepest = 6
  /// What the packages of Debian that have the scripts call their files.
  private static let namesOfCJK = [
    "cjk", "wqy", "uming", "ukai", "ipag", "ipam", "ipaex", "takao", "vl-gothic", "vl-pgothic", "droidsansfallback",
    "sourcehan", "notosanssc", "notosanstc", "notosansjp", "notosanskr", "nanum", "unbatang", "undotum", "baekmuk",
  ]
  private static let namesOfEmoji = ["emoji", "symbola"]

  let all: Set<String>
  let cjk: Set<String>
  let emoji: Set<String>

  init(files: [String]) {
    let names = files.map { $0.lowercased() }.filter { name in FontFamilies.endings.contains { name.hasSuffix($0) } }
    /// What stands before the style: `notosanscjk` of `NotoSansCJK-Bold.ttc`.
    func families(_ wanted: [String]?) -> Set<String> {
      let some = names.filter { name in wanted.map { $0.contains { name.contains($0) } } ?? true }
      return Set(some.map { String($0.dropLast(4).prefix { $0 != "-" && $0 != "_" }) })
    }
    all = families(nil)
    cjk = families(FontFamilies.namesOfCJK)
    emoji = families(FontFamilies.namesOfEmoji)
  }

  static func find() -> FontFamilies { FontFamilies(files: folders.flatMap { files(in: $0, depth: 0) }) }

  private static func files(in folder: String, depth: Int) -> [String] {
    guard depth < deepest, let names = try? FileTree.names(in: folder) else { return [] }
    return names.flatMap { name -> [String] in
      var facts = stat()
      // No link is followed, so that none leads in a circle.
      let isFolder = lstat(folder + "/" + name, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
      return isFolder ? files(in: folder + "/" + name, depth: depth + 1) : [name]
    }
  }
}
