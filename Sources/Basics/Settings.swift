/// The effective settings: flags win over the environment, which wins over the settings file, which wins over defaults.
package struct Settings: Sendable {
  package enum Source: String, Sendable {
    case flag, environment, file
    case standard = "default"
  }

  package struct Entry: Sendable {
    package let value: String
    package let source: Source
  }

  private var entries: [String: Entry] = [:]
  /// What was passed over and deserves a word: names in the environment that no setting has.
  package private(set) var warnings: [String] = []
  /// A settings file that would have counted and cannot be read by this user.
  package var unreadable: String?

  /// Resolves every setting of `known`.
  ///
  /// `flags` holds values by setting name, `readFile` gives the text of a file or nil when it cannot be read. Throws
  /// `SettingsFailure` for a WONDER_ name in the file that is unknown and for a value out of range, naming the line and the
  /// valid values. An unknown one in the environment may be another program's, so it is a warning, and what container
  /// platforms set for a service of this name is passed over.
  package init(
    known: [Setting] = Setting.all, flags: [String: String] = [:], environment: [String: String] = [:],
    file: (path: String, text: String)? = nil, readFile: (String) -> String? = { _ in nil }
  ) throws(SettingsFailure) {
    for setting in known { entries[setting.name] = Entry(value: setting.standard, source: .standard) }
    let byName = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0) })
    if let file {
      for line in try SettingsFile.parse(file.text, path: file.path) {
        try take(line.name, line.value, .file, "\(file.path) line \(line.number)", byName, readFile)
      }
    }
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("WONDER_") {
      guard Settings.isKnown(name, byName) else {
        if !ServiceVariable.matches(name, value) {
          warnings.append("environment: \(Settings.unknown(name, byName)); it has no effect")
        }
        continue
      }
      try take(name, value, .environment, "environment \(name)", byName, readFile)
    }
    for (name, value) in flags {
      try take(name, value, .flag, byName[name]?.flag ?? name, byName, readFile)
    }
  }

  private mutating func take(
    _ name: String, _ value: String, _ source: Source, _ place: String, _ known: [String: Setting],
    _ readFile: (String) -> String?
  ) throws(SettingsFailure) {
    if let setting = known[name] {
      try set(setting, value, source, place)
    } else if let setting = Settings.secret(name, known) {
      guard let text = readFile(value) else {
        throw SettingsFailure(place: place, problem: "cannot read \(value)")
      }
      try set(setting, String(text.prefix { $0 != "\n" }), source, place)
    } else {
      throw SettingsFailure(place: place, problem: Settings.unknown(name, known))
    }
  }

  /// The secret that a `…_FILE` name is about.
  private static func secret(_ name: String, _ known: [String: Setting]) -> Setting? {
    guard name.hasSuffix("_FILE"), let setting = known[String(name.dropLast(5))], setting.isSecret else { return nil }
    return setting
  }

  private static func isKnown(_ name: String, _ known: [String: Setting]) -> Bool {
    known[name] != nil || secret(name, known) != nil
  }

  /// Of several names that are as near the first one in the alphabet is named, in each run the same.
  private static func unknown(_ name: String, _ known: [String: Setting]) -> String {
    let near = known.keys.map { (Spelling.distance($0, name), $0) }.min { $0 < $1 }?.1 ?? ""
    return "unknown setting \(name); did you mean \(near)?"
  }

  private mutating func set(_ setting: Setting, _ value: String, _ source: Source, _ place: String)
    throws(SettingsFailure)
  {
    guard SystemText.isWhole(value) else {
      throw SettingsFailure(place: place, problem: "the value of \(setting.name) is not UTF-8")
    }
    guard Settings.isValid(value, setting.form) else {
      let shown = setting.isSecret ? "the value" : "\"\(value)\""
      throw SettingsFailure(
        place: place, problem: "\(shown) is not valid for \(setting.name); expected \(setting.expectation)")
    }
    entries[setting.name] = Entry(value: value, source: source)
  }

  private static func isValid(_ value: String, _ form: Setting.Form) -> Bool {
    switch form {
    case .text: true
    case .path: !value.isEmpty
    case .address: value.contains(":")
    case .listening: value.isEmpty || value.contains(":")
    case .networks: Network.list(value) != nil
    case .ports: PortSet(value) != nil
    case .url:
      value.isEmpty
        || ["http://", "https://"].contains { value.hasPrefix($0) && value.count > $0.count }
          && !value.contains(" ")
    case .mailServer: value.isEmpty || MailServer(value) != nil
    case .mailSender: value.isEmpty || MailSender(value) != nil
    case .choice(let words): words.contains(value)
    case .schedule: BackupSchedule(value) != nil
    case .backupPlace: value.isEmpty || value.hasPrefix("/") || value.hasPrefix("s3://") && value.utf8.count > 5
    case .count(let range): Int64(value).map(range.contains) ?? false
    case .size(let range): Quantity.bytes(value).map(range.contains) ?? false
    case .span(let range): Quantity.milliseconds(value).map(range.contains) ?? false
    case .amount(let range): Quantity.amount(value).map(range.contains) ?? false
    }
  }

  package func entry(_ setting: Setting) -> Entry {
    entries[setting.name] ?? Entry(value: setting.standard, source: .standard)
  }

  package func text(_ setting: Setting) -> String { entry(setting).value }

  /// The value of a count, size or amount as a number; sizes are in bytes.
  package func number(_ setting: Setting) -> Int64 {
    let value = text(setting)
    return switch setting.form {
    case .size: Quantity.bytes(value) ?? 0
    case .span: Quantity.milliseconds(value) ?? 0
    default: Quantity.amount(value) ?? 0
    }
  }

  package func span(_ setting: Setting) -> Duration { .milliseconds(number(setting)) }
}
