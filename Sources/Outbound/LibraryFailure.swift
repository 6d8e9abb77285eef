/// libcurl, which is loaded when it is first needed, is not there or does not start.
package struct LibraryFailure: Error, CustomStringConvertible {
  package let description = "libcurl.so.4 cannot be loaded; install the package libcurl4"

  package init() {}
}
