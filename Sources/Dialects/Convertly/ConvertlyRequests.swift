import Basics
import Engine
import HTTP
import Storage

/// Makes submissions of forms; after this no word of the dialect is left but what the job's documents show.
struct ConvertlyRequests: Sendable {
  static let percents = 1...100
  static let sides = 1...16_384
  static let longestSecret = 255

  let parts: DialectParts
  /// "POST /api/convert", which an idempotency key belongs to.
  let route: String
  let holder: KeyHolder
  let request: Request

  /// What is asked for, in the engine's words.
  func submission(
    _ data: ConvertlyJobData, _ fields: inout ConvertlyFields, _ inputs: [ConvertlyInput], _ tasks: [Submission.Task]
  ) throws -> Submission {
    var data = data
    data.saves = fields.flag("saveToStorage") ?? false
    let folder = try fields.text("folderId").flatMap { try ConvertlyStore(parts: parts).folder($0) }
    let callback = fields.text("callbackUrl")
    if let callback, let problem = WebhookAddress.problem(of: callback) { fields.wrong.append("callbackUrl", problem) }
    let secret = fields.text("callbackSecret")
    if let secret, secret.utf8.count > ConvertlyRequests.longestSecret {
      fields.wrong.append("callbackSecret", "is longer than \(ConvertlyRequests.longestSecret) bytes")
    }
    try fields.check()
    var submission = Submission(
      dialect: Convertly.name, fields: fields.all, route: route, conversionType: nil, from: nil, to: nil,
      sources: inputs.map(\.source), mostBytes: parts.largestFile(holder),
      idempotencyKey: request.headers[.idempotencyKey] ?? fields.text("idempotencyKey"), webhookURL: callback,
      webhookSecret: secret)
    submission.tasks = tasks
    submission.dialectData = data.text
    // "Also store the upload and output"; what is in the store already is not stored again.
    let isStored = inputs.contains { if case .stored = $0.source { true } else { false } }
    if data.saves { submission.storing = StoreWish(folderID: folder, keepsOriginals: !isStored) }
    submission.extras = [.forgivesInputs, .forgivesTasks]
    return submission
  }

  /// Files into formats, each with its own settings or all with the same; blocks.
  func conversion(_ form: UploadForm) throws -> Submission { try conversion(form.fields, form) }

  /// The same of fields without files that come with them.
  func conversion(_ all: FormFields, _ form: UploadForm = UploadForm()) throws -> Submission {
    var fields = ConvertlyFields(all)
    let files = ConvertlyInput.files(form, named: "files", &fields)
    let count = ConvertlyInput.count(files, &fields)
    let formats = parts.jobs.formats
    let targets = try fields.each("formats", else: "format", count).map { label, text in
      if text == nil { fields.wrong.append(label, "is required") }
      return try text.map { text in
        let target = try ConvertlyTarget.named(text.lowercased())
        if !target.isKnown, formats.category(of: target.name) == nil {
          let valid = ConvertlyTarget.all.map(\.name).joined(separator: ", ")
          fields.wrong.append(label, "\"\(text)\" is no format; valid: \(valid)")
        }
        return target
      }
    }
    let inputs = try ConvertlyInput.all(files, to: targets.map { $0?.name }, &fields, self)
    let compressions = fields.each("compressions", else: "compression", count).map { label, text in
      fields.whole(text, label, ConvertlyRequests.percents)
    }
    let sizes = sizes(&fields, count)
    let turns = fields.each("autoOrients", else: "autoOrient", count).map { fields.flag($1, $0) }
    // Outlines are black here in any case.
    for (label, text) in fields.each("monos", else: "mono", count) { _ = fields.flag(text, label) }
    let packs = fields.flag("createArchive") ?? false
    try fields.check()
    var tasks: [Submission.Task] = []
    for (number, input) in inputs.enumerated() {
      guard let target = targets[number] else { continue }
      if ConvertlyTarget.archives.contains(target.name) {
        // Files that go into an archive go into the same.
        if let task = tasks.firstIndex(where: { $0.to == target.name }) {
          tasks[task].files?.append(number)
        } else {
          tasks.append(Submission.Task(to: target.name, files: [number]))
        }
        continue
      }
      var options = target.options(compressions[number]).merging(sizes[number]) { $1 }
      if turns[number] == false { options["auto_orient"] = "false" }
      let known = formats.options(from: input.format, to: target.name)
      if target.scale == .outlines, input.isPicture, input.format != target.name {
        guard known.contains("trace") else { throw ConvertlyRefusals.absent("Tracing pictures", package: "potrace") }
        options["trace"] = "true"
      }
      tasks.append(
        Submission.Task(
          from: input.format, to: target.name, options: options.filter { known.contains($0.key) }, files: [number]))
    }
    if inputs.count == 1, !tasks.isEmpty { tasks[0].files = nil }
    var submission = try submission(ConvertlyJobData(.convert), &fields, inputs, tasks)
    submission.packsOutputs = packs
    return submission
  }

  private func sizes(_ fields: inout ConvertlyFields, _ count: Int) -> [[String: String]] {
    let names = fields.each("resizes", else: "resize", count)
    let widths = fields.each("resizeWidths", else: "resizeWidth", count)
    let heights = fields.each("resizeHeights", else: "resizeHeight", count)
    return names.indices.map { number in
      let name = fields.word(names[number].text, names[number].label, of: ConvertlySize.resizeNames)
      let width = fields.whole(widths[number].text, widths[number].label, ConvertlyRequests.sides)
      let height = fields.whole(heights[number].text, heights[number].label, ConvertlyRequests.sides)
      if let options = ConvertlySize.resize(name, width, height) { return options }
      let side = name == "width" ? widths[number].label : heights[number].label
      fields.wrong.append(side, "is required with resize=\(name ?? "")")
      return [:]
    }
  }
}
