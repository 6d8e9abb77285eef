package import Basics
package import Storage

/// Which backups the server makes by itself: when, where to, and how many stay.
package struct BackupPlan: Sendable {
  package enum Target: Sendable, Equatable {
    case folder(String)
    /// The path of the place is what names begin with.
    case bucket(CloudPlace, CloudCredentials)
  }

  /// How long after a failure the next try comes.
  static let pause = Duration.seconds(900)
  /// What is this late has not come; one that is being made may take its time.
  private static let patience = Duration.seconds(6 * 3600)

  package let schedule: BackupSchedule
  package let target: Target
  package let keep: Int

  package init(schedule: BackupSchedule, target: Target, keep: Int) {
    self.schedule = schedule
    self.target = target
    self.keep = keep
  }

  /// Nil where nothing is made; throws `SettingsFailure` that names what is missing or wrong.
  package init?(_ settings: Settings) throws(SettingsFailure) {
    guard let schedule = BackupSchedule(settings.text(.backupSchedule)), schedule != .off else { return nil }
    self.schedule = schedule
    keep = Int(settings.number(.backupKeep))
    let text = settings.text(.backupTo)
    guard !text.isEmpty else {
      throw SettingsFailure(
        place: Setting.backupTo.name,
        problem: "\(Setting.backupSchedule.name) needs it: \(Setting.backupTo.expectation)")
    }
    guard text.hasPrefix("s3://") else {
      target = .folder(text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text)
      return
    }
    let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1).map(String.init)
    let endpoint = settings.text(.backupEndpoint)
    let place = CloudPlace(
      s3: endpoint.isEmpty ? nil : endpoint, region: settings.text(.backupRegion), bucket: parts.first ?? "",
      key: parts.count > 1 ? parts[1] : "")
    let credentials = CloudCredentials(
      user: settings.text(.backupUser), password: settings.text(.backupPassword))
    if let problem = place.problem(isTemplate: true) {
      throw SettingsFailure(place: Setting.backupTo.name, problem: "the \(problem.part.rawValue) \(problem.text)")
    }
    if let problem = credentials.problem(for: .s3) {
      let setting: Setting = problem.part == .user ? .backupUser : .backupPassword
      throw SettingsFailure(place: setting.name, problem: problem.text)
    }
    target = .bucket(place, credentials)
  }

  /// Where they go, as people are shown it.
  package var place: String {
    switch target {
    case .folder(let path): path
    case .bucket(let place, _): place.shown
    }
  }

  /// When the next one is due, by what was made so far.
  package func next(after made: [Backups.Backup], now: Timestamp) -> Timestamp? {
    let due = schedule.due(after: made.first { $0.error == nil && $0.place == place }?.startedAt, now: now)
    guard let due, let last = made.first, last.error != nil, last.place == place, last.startedAt <= now else {
      return due
    }
    // What lacks files will lack them in a quarter of an hour, too.
    if last.bytes > 0 { return schedule.due(after: last.startedAt, now: now) }
    return max(due, last.startedAt + last.duration + BackupPlan.pause)
  }

  /// What is wrong, in words for an operator; nil when the last one is whole and none is late.
  package func problem(_ made: [Backups.Backup], now: Timestamp) -> String? {
    let good = made.first { $0.error == nil && $0.place == place }
    let since = good.map { "the last whole one is of \($0.startedAt)" } ?? "there is no whole one yet"
    if let last = made.first, let error = last.error, last.place == place {
      return "the backup of \(last.startedAt) failed: \(error); \(since)"
    }
    guard let due = schedule.due(after: good?.startedAt, now: now), due < now - BackupPlan.patience else { return nil }
    return "a backup was due at \(due) and was not made; \(since)"
  }
}
