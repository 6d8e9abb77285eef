/// The variables that Kubernetes and Docker set in every container for a service or link whose name begins with "wonder".
enum ServiceVariable {
  /// True for a name and value of their making, such as `WONDER_PORT=tcp://10.0.0.7:80` or `WONDER_SERVICE_HOST`.
  ///
  /// The Kubernetes page "Service", section on environment variables; Docker's page on legacy container links.
  static func matches(_ name: String, _ value: String) -> Bool {
    if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") {
      return true
    }
    if name.hasSuffix("_PORT") && value.contains("://") { return true }
    if name.contains("_ENV_") { return true }
    if name.hasSuffix("_NAME") && value.hasPrefix("/") { return true }
    return PosixPattern.isMatched(".*_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR|START|END))?", by: name)
      || PosixPattern.isMatched(".*_PORT_[0-9]+_(TCP|UDP|SCTP)_(START|END)(_(PROTO|PORT|ADDR))?", by: name)
  }
}
