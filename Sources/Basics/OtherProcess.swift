import Glibc

/// What can be told of a process by its number alone.
package enum OtherProcess {
  /// False when there is none of this number; 0 is one of another namespace, of which nothing is known (kill(2)).
  package static func exists(_ number: Int32) -> Bool { kill(number, 0) == 0 || errno != ESRCH }
}
