/// A name that is being looked up, and the connections that wait for it.
struct PageLookUp {
  /// Tells it from an earlier one of the same name, whose answer comes late.
  let number: UInt64
  let ticket: UInt64
  var waiting: [PageConnection]
}
