import Basics
import Engine

/// Reads places elsewhere from a JSON document: `{"s3": {…}}` or `{"ftp": {…}}`, each with what opens it or with the name of
/// a storage that does, and `s3://bucket/key` for the storage of that bucket.
enum WonderClouds {
  /// What says which storage of the workspace a place is in.
  private static let storage = "storage"

  static let ways = CloudPlace.Kind.allCases.map(\.rawValue)

  /// Where outputs go; throws `Refusal.invalidFields`.
  static func targets(
    _ value: JSONValue, _ fields: inout [(name: String, value: String)]
  ) throws(Refusal) -> [OutputTarget] {
    let shape = "must be an array of at most \(Submission.mostTargets) objects, each with s3 or ftp, or s3://bucket/key"
    guard let array = value.array, array.count <= Submission.mostTargets else { throw refuse("outputs", shape) }
    var targets: [OutputTarget] = []
    for (index, entry) in array.enumerated() {
      let name = "outputs[\(index)]"
      if let text = entry.string, let place = KeptPlace(address: text) {
        if let problem = place.problem(isTemplate: true) {
          throw refuse(name, "\(PlaceWords.name(of: problem.part, .s3, in: "")) \(problem.text)")
        }
        fields.append((name, text))
        targets.append(OutputTarget(.kept(place)))
        continue
      }
      guard let members = entry.members, members.count == 1, let way = members.first?.name, ways.contains(way) else {
        throw refuse(name, "must be an object with s3 or ftp, or a text such as s3://bucket/key")
      }
      targets.append(OutputTarget(try spot(members[0].value, way, name, isTemplate: true, &fields)))
    }
    return targets
  }

  /// One place; all but the secrets are fields by which a repetition is known.
  static func spot(
    _ value: JSONValue, _ way: String, _ parent: String, isTemplate: Bool,
    _ fields: inout [(name: String, value: String)]
  ) throws(Refusal) -> CloudSpot {
    let name = "\(parent).\(way)"
    guard let members = value.members, let kind = CloudPlace.Kind(rawValue: way), let file = PlaceWords.file[kind]
    else {
      throw refuse(name, "must be an object")
    }
    let own = PlaceWords.members[kind] ?? []
    let texts = try PlaceWords.texts(members, among: (own + [file, storage]).sorted(), in: name)
    if let kept = texts[storage] {
      if let other = texts.keys.sorted().first(where: { own.contains($0) && $0 != CloudPlace.Part.bucket.rawValue }) {
        throw refuse("\(name).\(other)", "is the storage's own; send it, or the name of a storage, not both")
      }
      let place = KeptPlace(kind, storage: kept, bucket: texts["bucket"], path: texts[file] ?? "", as: name)
      try check(place.problem(isTemplate: isTemplate), kind, name)
      fields += [(name, [kept, place.bucket ?? "", place.path].joined(separator: "\n"))]
      return .kept(place)
    }
    let (place, credentials) = try PlaceWords.read(texts, kind, in: name)
    try check(place.problem(isTemplate: isTemplate) ?? credentials.problem(for: kind), kind, name)
    fields += [(name, place.text), ("\(name).user", credentials.user)]
    return .open(place, credentials)
  }

  private static func check(
    _ problem: (part: CloudPlace.Part, text: String)?, _ kind: CloudPlace.Kind, _ name: String
  ) throws(Refusal) {
    if let problem { throw refuse(PlaceWords.name(of: problem.part, kind, in: name), problem.text) }
  }

  private static func refuse(_ name: String, _ problem: String) -> Refusal {
    .invalidFields.naming([.init(name, problem)])
  }
}
