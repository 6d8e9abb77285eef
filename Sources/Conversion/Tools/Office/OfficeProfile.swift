/// The settings that LibreOffice finds in its folder: no network, no macros but ours, no links that are followed.
enum OfficeProfile {
  private typealias Value = (path: String, name: String, value: String)

  private static let settings: [Value] = [
    // Else the first start puts its own library in the place of ours.
    ("Setup/Office", "ooSetupInstCompleted", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Common/History", "PickListSize", "0"),
  ]

  /// By their names in the folder.
  static let files: [String: [UInt8]] = [
    "user/registrymodifications.xcu": registry,
    "user/basic/script.xlc": libraries,
    "user/basic/dialog.xlc": libraries,
    "user/basic/Standard/script.xlb": library(modules: [OfficeMacro.module]),
    "user/basic/Standard/dialog.xlb": library(modules: []),
    "user/basic/Standard/\(OfficeMacro.module).xba": module,
  ].mapValues { Array((head + $0).utf8) }

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
