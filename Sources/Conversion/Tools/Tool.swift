/// Makes files by a program of somebody else's.
package protocol Tool: Maker {
  var program: Program { get }
}
