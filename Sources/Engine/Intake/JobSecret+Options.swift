import Conversion
import Formats
import Storage

/// Options that nobody may see, among the secrets of a job.
extension JobSecret {
  /// What says that strangers have sent the job, whose pages may call nobody.
  static let offline = JobSecret(name: "offline", value: "1")

  private static let nameOfInputPassword = "input password"

  /// What opens the files of a job, for the tasks that have no password of their own.
  static func inputPassword(_ text: String) -> JobSecret { JobSecret(name: nameOfInputPassword, value: text) }

  var isInputPassword: Bool { name == JobSecret.nameOfInputPassword }

  private static func prefix(_ task: Int) -> String { "options \(task) " }

  /// `task` is its number in the job, from 0.
  init(option: String, of task: Int, _ text: String) {
    self.init(name: JobSecret.prefix(task) + option, value: text)
  }

  /// The option's name and text when it is one of that task.
  func option(of task: Int) -> (name: String, text: String)? {
    let prefix = JobSecret.prefix(task)
    return name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), value) : nil
  }

  /// Under the number that its task has now; nil when that task is gone, and the same when it is no option.
  func moved(_ places: [Int: Int]) -> JobSecret? {
    let parts = name.split(separator: " ", maxSplits: 2)
    guard parts.count == 3, parts[0] == "options", let task = Int(parts[1]) else { return self }
    return places[task].map { JobSecret(option: String(parts[2]), of: $0, value) }
  }
}
