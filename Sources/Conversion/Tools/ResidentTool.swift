package import Formats

/// A tool whose program can stay when it has made something, and then makes more in a tenth of the time.
package protocol ResidentTool: Tool {
  /// How its program is started so that it waits for orders.
  var residence: Residence { get }

  /// What the program reads to make what the task asks for, once its sources are in the folder.
  func order(_ task: ToolTask) throws(ConversionFailure) -> [UInt8]
}

/// A program that waits for one order after the other, and can be had by several tools.
///
/// An order is a file that the program takes away when it has obeyed; the first one is empty, and is gone when the program is
/// ready. From then until the next one is in its place the program stands still. `results` of the tool tells by the folder
/// what has become of an order.
package struct Residence: Sendable {
  /// What tells it from others.
  package let name: String
  package let program: Program
  package let call: ToolCall
  package let order: String
  /// What an order leaves that the next one must not find.
  package let report: String

  package init(name: String, program: Program, call: ToolCall, order: String, report: String) {
    self.name = name
    self.program = program
    self.call = call
    self.order = order
    self.report = report
  }
}
