import Basics
import Conversion
import Formats
import Storage

extension JobTask {
  /// What was asked for beside the target, with those of the job's secrets that are options of this task.
  func options(among list: OptionList, _ secrets: [JobSecret] = []) throws -> ConversionOptions {
    let shown = try ConversionOptions(JSONReader.parse(options.utf8), among: list)
    return try shown.adding(secrets: secrets.compactMap { $0.option(of: position) }, among: list)
  }
}
