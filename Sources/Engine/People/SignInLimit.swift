import Basics

/// How often somebody may fail to sign in: for a name from one place, from one place whatever the name, and for a name
/// whatever the place.
///
/// Only age and a right password forget. The place is checked first, so that one client cannot fill the lists of the others.
final class SignInLimit: Sendable {
  static let span = Duration.seconds(900)
  static let mostOfNameFromPlace = 5
  static let mostFromPlace = 50
  /// More than anybody mistypes, so that an owner is locked out only while many places guess at once.
  static let mostOfName = 100

  private let pairs: Attempts
  private let places: Attempts
  private let names: Attempts

  init(clock: Clock) {
    pairs = Attempts(clock: clock, most: SignInLimit.mostOfNameFromPlace, in: SignInLimit.span)
    places = Attempts(clock: clock, most: SignInLimit.mostFromPlace, in: SignInLimit.span)
    names = Attempts(clock: clock, most: SignInLimit.mostOfName, in: SignInLimit.span)
  }

  /// Counts an attempt; gives the seconds to wait instead when there were too many already.
  func take(_ email: String, from address: String) -> Int? {
    let place = ClientPlace.of(address)
    let name = email.lowercased()
    return pairs.wait(for: name + " " + place) ?? names.wait(for: name) ?? places.take(place)
      ?? pairs.take(name + " " + place) ?? names.take(name)
  }

  /// The password was right and something else is missing: this attempt was none.
  func takeBack(_ email: String, from address: String) {
    let place = ClientPlace.of(address)
    let name = email.lowercased()
    pairs.takeBack(name + " " + place)
    places.takeBack(place)
    names.takeBack(name)
  }

  /// The password was right: this attempt was none, and the earlier ones of this name from here are forgotten.
  func forgive(_ email: String, from address: String) {
    let place = ClientPlace.of(address)
    let name = email.lowercased()
    pairs.forget(name + " " + place)
    places.takeBack(place)
    names.takeBack(name)
  }
}
