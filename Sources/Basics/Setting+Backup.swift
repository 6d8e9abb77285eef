extension Setting {
  package static let backupSchedule = Setting(
    "WONDER_BACKUP_SCHEDULE", .schedule, "off",
    "when the server makes backups by itself: off, daily HH:MM, weekly DAY HH:MM (both UTC), or every SPAN")
  package static let backupTo = Setting(
    "WONDER_BACKUP_TO", .backupPlace, "", "where these backups go: the whole path of a folder, or s3://BUCKET/PREFIX")
  package static let backupKeep = Setting(
    "WONDER_BACKUP_KEEP", .count(1...1000), "7",
    "how many of these backups are kept; an older one is removed after a newer one is whole")
  package static let backupEndpoint = Setting(
    "WONDER_BACKUP_S3_ENDPOINT", .url, "", "the address of the store of s3://; else Amazon's of the region")
  package static let backupRegion = Setting("WONDER_BACKUP_S3_REGION", .text, "us-east-1", "the region of that store")
  package static let backupUser = Setting(
    "WONDER_BACKUP_S3_KEY", .text, "", "the access key of that store", isSecret: true)
  package static let backupPassword = Setting(
    "WONDER_BACKUP_S3_SECRET", .text, "", "the secret of that access key", isSecret: true)

  /// What backups by a schedule need.
  package static let backup: [Setting] = [
    backupSchedule, backupTo, backupKeep, backupEndpoint, backupRegion, backupUser, backupPassword,
  ]
}
