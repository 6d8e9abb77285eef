package import Formats

/// Makes files by a program of somebody else's, in a folder of its own.
package protocol Tool: Maker {
  var program: Program { get }

  /// How the program is called for a conversion, with the names that the sources have in the folder.
  func call(_ conversion: Conversion, sources: [String], overlay: String?) throws(ConversionFailure) -> ToolCall

  /// Which files of the folder are what was made, by how the program ended; a failure is for the client.
  func results(
    of conversion: Conversion, _ end: ToolEnd, in names: [String]
  ) throws(ConversionFailure) -> [ToolResult]
}
