import Basics

/// What every job of a site is made of beside its page; secrets are kept apart.
package struct SiteTemplate: Sendable, Equatable {
  package var sourceFormat: String
  /// At least one.
  package var tasks: [JobTask]
  package var packsOutputs = false
  /// Who gets mail of each job's end.
  package var notificationEmail: String?
  /// Codes over what the outputs may be downloaded with.
  package var passwords: [[UInt8]] = []

  package init(sourceFormat: String, tasks: [JobTask]) {
    self.sourceFormat = sourceFormat
    self.tasks = tasks
  }

  /// As the table keeps it.
  var text: String {
    var writer = JSONWriter()
    writer.object { document in
      document.member("source", sourceFormat)
      document.member("packs", packsOutputs)
      document.member("mail", notificationEmail)
      document.member("passwords", .array(passwords.map { .string(Hexadecimal.encode($0)) }))
      document.member(
        "tasks",
        array: { list in
          for task in tasks {
            list.object { object in
              object.member("type", task.conversionType)
              object.member("target", task.targetFormat)
              object.member("options", task.options)
            }
          }
        })
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Throws `JSONFailure` for what no `text` is.
  init(text: String) throws {
    let document = try JSONReader.parse(text.utf8)
    let tasks = (document["tasks"]?.array ?? []).enumerated().map { position, task in
      JobTask(
        position: position, conversionType: task["type"]?.string ?? "", targetFormat: task["target"]?.string ?? "",
        options: task["options"]?.string ?? "{}")
    }
    self.init(sourceFormat: document["source"]?.string ?? "", tasks: tasks)
    packsOutputs = document["packs"] == .boolean(true)
    notificationEmail = document["mail"]?.string
    passwords = (document["passwords"]?.array ?? []).compactMap { $0.string.flatMap { Hexadecimal.decode($0) } }
  }
}
