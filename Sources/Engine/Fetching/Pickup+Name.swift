import Storage

extension Pickup {
  /// True when the file has a name that is not only the last part of its address.
  var hasOwnName: Bool { fileName != FileNames.clean(FileNames.last(of: address)) }
}
