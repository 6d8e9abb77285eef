import Glibc

/// The settings that LibreOffice finds in its folder: no network, no macros but ours, no links that are followed.
enum OfficeProfile {
  private typealias Value = (path: String, name: String, value: String)

  private static let settings: [Value] = [
    // Else the first start puts its own library in the place of ours.
    ("Setup/Office", "ooSetupInstCompleted", "true"),
    // Else the first start of a version tries how everything is drawn, which takes longer than a conversion.
    ("Setup/Product", "ooSetupLastVersion", "99.9"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Common/History", "PickListSize", "0"),
  ]

  /// By their names in the folder of the profile.
  static var files: [String: [UInt8]] {
    guard let build = Build.name else { return own }
    // Else LibreOffice looks for extensions that another build has left, and starts over.
    return own.merging(["user/extensions/buildid": Array(build.utf8)]) { $1 }
  }

  private static let own: [String: [UInt8]] = [
    "user/registrymodifications.xcu": registry,
    "user/basic/script.xlc": libraries,
    "user/basic/dialog.xlc": libraries,
    "user/basic/Standard/script.xlb": library(modules: [OfficeMacro.module]),
    "user/basic/Standard/dialog.xlb": library(modules: []),
    "user/basic/Standard/\(OfficeMacro.module).xba": module,
  ].mapValues { Array((head + $0).utf8) }

  /// What the LibreOffice that is here calls itself; it may be another one tomorrow.
  private enum Build {
    private static let path = "\(OfficeApplication.folder)/versionrc"
    private static let mostBytes = 64 << 10

    static var name: String? {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return nil }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: mostBytes)
      let count = read(file, &bytes, mostBytes)
      guard count > 0 else { return nil }
      let line = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").first {
        $0.hasPrefix("buildid=")
      }
      return line.map { String($0.dropFirst("buildid=".count)) }
    }
  }

  private static let head = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"

  private static var registry: String {
    let items = settings.map { setting in
      #"<item oor:path="/org.openoffice.\#(setting.path)"><prop oor:name="\#(setting.name)" oor:op="fuse">"#
        + "<value>\(setting.value)</value></prop></item>"
    }
    return #"<oor:items xmlns:oor="http://openoffice.org/2001/registry">"# + items.joined() + "</oor:items>"
  }

  private static var libraries: String {
    #"<library:libraries xmlns:library="http://openoffice.org/2000/library">"#
      + #"<library:library library:name="\#(OfficeMacro.library)" library:link="false"/></library:libraries>"#
  }

  private static func library(modules: [String]) -> String {
    #"<library:library xmlns:library="http://openoffice.org/2000/library" library:name="\#(OfficeMacro.library)""#
      + #" library:readonly="false" library:passwordprotected="false">"#
      + modules.map { #"<library:element library:name="\#($0)"/>"# }.joined() + "</library:library>"
  }

  private static var module: String {
    let escaped = OfficeMacro.source.reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      default: text.append(character)
      }
    }
    return #"<script:module xmlns:script="http://openoffice.org/2000/script" script:name="\#(OfficeMacro.module)""#
      + #" script:language="StarBasic">"# + escaped + "</script:module>"
  }
}
