import Basics
import Storage

/// The server that is followed, however it is reached.
protocol StandbySource: AnyObject {
  /// Asks for what is newer than what is held; nil when nothing is.
  func ask(_ held: StandbyRecord.Held?) throws -> StandbyOffer?

  /// The first server's secret key.
  func key() throws -> [UInt8]

  /// Fetches the database to a file that is not there yet.
  func database(_ offer: StandbyOffer, to path: String) throws

  /// Fetches files into a folder and gives each to `arrived`, with the sum that the other side says of it where its row has
  /// none; gives how many are gone.
  func files(
    _ wanted: [StandbyFile], into folder: String,
    arrived: (_ file: StandbyFile, _ path: String, _ sha256: [UInt8]?) throws -> Void
  ) throws -> Int

  /// Says that the copy is not needed any more, because all of it is held or because nothing comes of it.
  func end(_ offer: StandbyOffer, isHeld: Bool)

  /// True while somebody is there who takes jobs.
  func answers() -> Bool
}
