import Conversion
import Formats
import Storage

/// Whether a file, by what it really is, can be what a job was asked to convert.
struct SourceCheck: Sendable {
  let catalogue: Catalogue
  /// Nil for any format that can be made into the target.
  let from: Format?
  let to: Format
  /// What is asked for, where that is known.
  var options = ConversionOptions()

  /// What a file of a job has to pass; what a task makes of only some files is looked at when it is done.
  static func all(of job: Job, _ tasks: [JobTask], _ catalogue: Catalogue) -> [SourceCheck] {
    if job.extras.contains(.copiesFiles) { return [] }
    let from = Format.named(job.sourceFormat)
    return tasks.filter { $0.inputs == nil }.compactMap { task in
      let options = try? task.options(among: catalogue.options)
      return Format.named(task.targetFormat).map {
        SourceCheck(catalogue: catalogue, from: from, to: $0, options: options ?? ConversionOptions())
      }
    }
  }

  /// The same for a file that is to be laid over what is made.
  func problemOfOverlay(_ type: Sniffed, _ options: ConversionOptions) -> String? {
    let overlays = catalogue.overlays(Conversion(from: from, to: to, options: options))
    if overlays.contains(where: type.may(be:)) { return nil }
    // A picture becomes a page.
    if overlays == [.pdf], type.best(named: "")?.category == .image { return nil }
    guard !overlays.isEmpty, !overlays.contains(.png) else {
      return SourceCheck(catalogue: catalogue, from: nil, to: .png).problem(of: type)
    }
    return "is \(type.description), and \(overlays.map(\.title).joined(separator: ", ")) is laid over here"
  }

  /// What is wrong with a file of this type, to follow its name; nil when it will do.
  func problem(of type: Sniffed) -> String? {
    if let from {
      return type.may(be: from) ? nil : "was declared as \(from.title) but is \(type.description)"
    }
    return catalogue.formats(from: catalogue.source(type, to: to, options: options)).contains(to)
      ? nil : "is \(type.description), which cannot be made into \(to.title)"
  }

  /// What a file of this type and name is when it will do.
  func format(of type: Sniffed, named name: String) -> Format? {
    from ?? catalogue.source(type, named: name, to: to, options: options)
  }
}

extension Sequence<SourceCheck> {
  /// What the first of them finds wrong with a file of this type.
  func problem(of type: Sniffed) -> String? { lazy.compactMap { $0.problem(of: type) }.first }
}
