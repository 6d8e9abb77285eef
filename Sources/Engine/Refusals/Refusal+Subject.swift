extension Refusal {
  /// What of a request a refusal is about; each dialect has names of its own for these.
  package enum Subject: Sendable, Hashable {
    /// The files of the request altogether.
    case files
    /// Where the file with this number, from 0, is to be fetched from.
    case address(of: Int)
    /// The place with this number, from 0, to which outputs go.
    case output(of: Int)
    /// The format of the files.
    case source
    case target
    /// The kind of conversion.
    case type
    case option(String)
    /// The picture to be laid over the others.
    case overlay
    case overlayAddress
    case preset
    case webhook
    case webhookSecret
    /// Who gets mail.
    case mail
    /// What has one name for everybody, or was read by the dialect itself.
    case field(String)

    /// The same with its text made shorter by `cut`.
    func shortened(_ cut: (String) -> String) -> Subject {
      switch self {
      case .option(let name): .option(cut(name))
      case .field(let name): .field(cut(name))
      default: self
      }
    }
  }

  package struct Field: Sendable, Equatable {
    package let subject: Subject
    package let problem: String
    /// Which of several tasks it is about, from 0.
    package var task: Int?

    package init(_ subject: Subject, _ problem: String, task: Int? = nil) {
      self.subject = subject
      self.problem = problem
      self.task = task
    }

    package init(_ name: String, _ problem: String) {
      self.init(.field(name), problem)
    }
  }
}
