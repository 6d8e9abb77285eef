package import Basics

/// The one way of a confined browser to the network: an HTTP proxy that judges every address before it dials it.
///
/// Each request has a connection of its own, so that each is judged anew: a redirect, a part of a page, a name that has
/// changed. The bytes of all visits are moved by one thread.
package final class PageProxy: Sendable {
  private let loop: PageLoop
  private let thread: ServiceThread

  /// Starts its thread; throws `SystemFailure` where none is to be had.
  package convenience init(_ addresses: AddressGuard, log: Log) throws(SystemFailure) {
    try self.init(addresses, log: log, look: PageNames.system)
  }

  init(
    _ addresses: AddressGuard, log: Log, patience: PagePatience = PagePatience(), look: @escaping PageNames.Look
  ) throws(SystemFailure) {
    let loop = try PageLoop(addresses, PageNames(look), patience, log: log)
    thread = try ServiceThread(trying: "pages") { loop.run() }
    self.loop = loop
  }

  deinit { close() }

  /// Takes over a listening socket, in any case; what connects there belongs to the visit that is under way.
  ///
  /// Without one it is closed at once. Throws `SystemFailure` when the descriptor is none.
  package func open(_ listener: Int32) throws(SystemFailure) -> PageDoor {
    let door = try PageDoor(listener, loop)
    loop.perform { door.attend() }
    return door
  }

  /// Ends all visits, closes all doors and joins the threads; a look-up that hangs in the system ends by itself later.
  package func close() {
    loop.stop()
    thread.join()
    loop.names.close()
  }
}
