extension Setting {
  /// Settings whose names and values are fixed and checked already, but which this version does not use yet.
  package static let reserved: [Setting] = [
    Setting("WONDER_LAUNCHER", .text, "", "a command in front of each conversion, such as srun (no effect yet)")
  ]
}
