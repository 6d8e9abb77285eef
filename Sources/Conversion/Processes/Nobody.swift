/// Who the processes of a server of root's become.
enum Nobody {
  /// nobody and nogroup on Debian.
  static let user: UInt32 = 65_534
}
