import Basics
import Engine
import HTTP

/// Reads a submission as a JSON document: the fields of the form, `options` as an object, `inputs` and `outputs` as arrays.
enum WonderJSON {
  private static let texts = [
    "conversion_type", "from", "to", "preset", "archive", "mode", "webhook_url", "webhook_secret", "notification_email",
    "site", "site_include", "site_exclude",
  ]
  private static let values = [
    "total_files", "total_size", "sync", "download", "site_depth", "site_pages", "site_robots",
  ]
  /// The fields of a form with one value each.
  static let fields = texts + values
  private static let others = values + ["options", "inputs", "outputs", "watermark"]
  private static let inputMembers = ["base64", "file_name", "ftp", "s3", "url"]

  /// Options that a document may have; there are not nearly as many.
  private static let mostOptions = 200

  /// Writes the inputs to the spool; throws `Refusal.invalidFields` that names the members that are wrong.
  static func form(_ members: ClientDocument.Members, spool: Spool) throws -> WonderForm {
    var form = WonderForm()
    var wrong = WrongFields()
    for (name, value) in members where value != .null {
      switch name {
      case "inputs": try read(value, spool, into: &form, &wrong)
      case "outputs":
        do { form.targets = try WonderClouds.targets(value, &form.fields) } catch { wrong.append(contentsOf: error) }
      case "watermark":
        do { form.watermark = try input(value, name, "watermark", spool, &form.fields) } catch let refusal as Refusal {
          wrong.append(contentsOf: refusal)
        }
      case "options":
        guard let options = value.members else {
          wrong.append(name, "must be an object of options")
          continue
        }
        guard options.count <= mostOptions else {
          wrong.append(name, "\(options.count) options are more than the \(mostOptions) allowed")
          continue
        }
        for (option, value) in options { add("options[\(option)]", value, to: &form, &wrong) }
      case _ where values.contains(name): add(name, value, to: &form, &wrong)
      case _ where texts.contains(name):
        if value.string == nil {
          wrong.append(name, "must be a text")
        } else {
          add(name, value, to: &form, &wrong)
        }
      default:
        wrong.append(
          name,
          "is not known\(Spelling.hint(name, among: texts + others)); valid: \((texts + others).joined(separator: ", "))"
        )
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return form
  }

  /// Takes a text, number or truth value as a form would write it.
  private static func add(_ name: String, _ value: JSONValue, to form: inout WonderForm, _ wrong: inout WrongFields) {
    switch value {
    case .string(let text): form.fields.append((name, text))
    case .integer, .number, .boolean: form.fields.append((name, value.text))
    // What is several things in one, such as cookies, is read from its text.
    case .array(let several) where name.hasPrefix("options[") && !several.isEmpty:
      form.fields.append((name, value.text))
    case .object(let several) where name.hasPrefix("options[") && !several.isEmpty:
      form.fields.append((name, value.text))
    default: wrong.append(name, "must be a text, a number, true or false")
    }
  }

  private static func read(
    _ value: JSONValue, _ spool: Spool, into form: inout WonderForm, _ wrong: inout WrongFields
  ) throws {
    guard let inputs = value.array else {
      return wrong.append("inputs", "must be an array of objects with base64, url, s3 or ftp, and file_name")
    }
    guard inputs.count <= Intake.mostFiles else { return wrong.append("inputs", Intake.tooMany(inputs.count)) }
    for (index, input) in inputs.enumerated() {
      let place = "inputs[\(index)]"
      do {
        form.inputs.append(try self.input(input, place, "input-\(index + 1)", spool, &form.fields))
      } catch let refusal as Refusal {
        wrong.append(contentsOf: refusal)
      }
    }
  }

  /// One file, in base64 or by its address; an address is one of the fields by which a repetition is known.
  private static func input(
    _ input: JSONValue, _ place: String, _ name: String, _ spool: Spool,
    _ fields: inout [(name: String, value: String)]
  ) throws -> WonderForm.Input {
    guard let members = input.members else {
      throw Refusal.invalidFields.naming([.init(place, "must be an object with base64, url, s3 or ftp, and file_name")])
    }
    if let unknown = members.first(where: { !inputMembers.contains($0.name) }) {
      let valid = inputMembers.joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("\(place).\(unknown.name)", "is not known; valid: \(valid)")])
    }
    let own = input["file_name"]?.string
    let ways = members.filter { $0.name != "file_name" && $0.value != .null }.map(\.name).sorted()
    guard ways.count < 2 else {
      throw Refusal.invalidFields.naming([
        .init(place, "has both \(ways.joined(separator: " and ")); one of them says where the file is")
      ])
    }
    if let (way, value) = members.first(where: { WonderClouds.ways.contains($0.name) && $0.value != .null }) {
      if let own { fields.append(("\(place).file_name", own)) }
      let spot = try WonderClouds.spot(value, way, place, isTemplate: false, &fields)
      return .cloud(CloudFile(spot, name: own))
    }
    if let url = input["url"], url != .null {
      guard let address = url.string else {
        throw Refusal.invalidFields.naming([.init("\(place).url", "must be a text")])
      }
      if let problem = KeptPlace.problem(of: address) {
        throw Refusal.invalidFields.naming([.init("\(place).url", problem)])
      }
      fields.append(("\(place).url", address))
      if let own { fields.append(("\(place).file_name", own)) }
      return .address(address, name: own)
    }
    guard let text = input["base64"]?.string, let bytes = decode(text) else {
      throw Refusal.invalidFields.naming([.init("\(place).base64", "must be the file as base64 (RFC 4648 section 4)")])
    }
    return .file(try SpoolFile.write(bytes, fieldName: "inputs", fileName: own ?? name, in: spool))
  }

  /// Decodes base64; a data: URL is taken for what follows its comma.
  private static func decode(_ text: String) -> [UInt8]? {
    var encoded = text.utf8[...]
    if encoded.starts(with: "data:".utf8), let comma = encoded.firstIndex(of: 0x2C) {
      encoded = encoded[encoded.index(after: comma)...]
    }
    var decoder = Base64Decoder()
    let bytes = Array(encoded)
    guard let decoded = try? unsafe bytes.withUnsafeBytes({ try unsafe decoder.decode($0) }),
      (try? decoder.finish()) != nil
    else { return nil }
    return decoded
  }
}
