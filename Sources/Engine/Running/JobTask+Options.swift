import Basics
import Conversion
import Formats
import Storage

extension JobTask {
  /// The option that opens documents.
  static let password = "password"

  /// What was asked for beside the target, with those of the job's secrets that are options of this task.
  func options(among list: OptionList, _ secrets: [JobSecret] = []) throws -> ConversionOptions {
    let shown = try ConversionOptions(JSONReader.parse(options.utf8), among: list)
    return try shown.adding(secrets: secrets.compactMap { $0.option(of: position) }, among: list)
  }

  /// The same for files of this format, with what opens the job's files where the task has no password of its own and
  /// something on the way takes one.
  func options(
    from source: Format?, among catalogue: Catalogue, _ secrets: [JobSecret]
  ) throws -> ConversionOptions {
    let own = try options(among: catalogue.options, secrets)
    guard let password = secrets.first(where: \.isInputPassword), !own.asked.contains(JobTask.password),
      let to = Format.named(targetFormat)
    else { return own }
    let opening = try own.adding(
      secrets: [(name: JobTask.password, text: password.value)], among: catalogue.options)
    return catalogue.steps(of: Conversion(from: source, to: to, options: opening)) == nil ? own : opening
  }
}
