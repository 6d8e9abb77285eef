import Basics
import Glibc
import Outbound
import Storage

/// One output on its way elsewhere: whole where it is small or goes over FTP, else in parts, one after the other.
struct Sending {
  /// What the request that is under way is for.
  enum Step: Equatable {
    case whole, begin, part(Int), finish
  }

  let upload: Upload
  /// The place as the client has given it, and as it is asked.
  let given: CloudPlace
  private(set) var place: CloudPlace
  let credentials: CloudCredentials
  /// Open for reading while it is under way.
  let descriptor: Int32
  private let sizes: PartSizes
  private(set) var step: Step
  private(set) var name: String?
  private(set) var tags: [String]
  private(set) var failures: Int

  /// Nil when its place or its credentials are not there any more.
  init?(_ upload: Upload, descriptor: Int32, _ sizes: PartSizes) {
    guard let place = CloudPlace(text: upload.place), let credentials = CloudCredentials(text: upload.credentials.value)
    else { return nil }
    self.upload = upload
    given = place.at(upload.path)
    self.place = given
    self.credentials = credentials
    self.descriptor = descriptor
    self.sizes = sizes
    name = upload.partsName
    tags = upload.tags
    failures = upload.failures
    step = .whole
    step = next
  }

  private var goesInParts: Bool { place.kind == .s3 && upload.size > sizes.whole }

  private var partSize: Int64 { sizes.part(of: upload.size) }

  private var parts: Int { Int((upload.size + partSize - 1) / partSize) }

  /// What comes next by what has arrived.
  private var next: Step {
    guard goesInParts else { return .whole }
    guard name != nil else { return .begin }
    return tags.count < parts ? .part(tags.count + 1) : .finish
  }

  /// The request of the step; throws when the file cannot be read.
  func call() throws(SystemFailure) -> CloudCall {
    switch step {
    case .whole:
      return .store(
        FilePart(descriptor: descriptor, offset: 0, count: upload.size), mediaType: upload.mediaType,
        sha256: upload.sha256)
    case .begin: return .begin(mediaType: upload.mediaType)
    case .part(let number):
      let offset = Int64(number - 1) * partSize
      let part = FilePart(descriptor: descriptor, offset: offset, count: min(partSize, upload.size - offset))
      return .part(number, of: name ?? "", part, sha256: try Sending.hash(part, upload.blob))
    case .finish: return .finish(of: name ?? "", tags: tags)
    }
  }

  /// Takes an answer that is a success; true when the whole output has arrived, and nil when it does not say so.
  mutating func take(_ reply: OutboundReply) -> Bool? {
    switch step {
    case .whole:
      return CloudSum(reply.checksum).allows(upload.sha256) ? true : nil
    case .begin:
      guard let name = reply.element("UploadId") else { return nil }
      self.name = name
    case .part:
      let tag = String(decoding: reply.entityTag ?? [], as: UTF8.self).filter { $0.isASCII && $0 > " " && $0 != "<" }
      guard !tag.isEmpty else { return nil }
      tags.append(tag.replacing("&", with: ""))
    case .finish:
      // A store that finds out late what is wrong says so below a status that was sent before.
      return reply.code == nil && reply.element("ETag") != nil ? true : nil
    }
    failures = 0
    step = next
    return false
  }

  /// Begins again from the first part.
  mutating func restart() {
    (name, tags) = (nil, [])
    step = next
  }

  mutating func fail() { failures += 1 }

  /// Goes on where the store says that the bucket is.
  mutating func move(to region: String) { place = place.moved(to: region) }

  private static func hash(_ part: FilePart, _ name: String) throws(SystemFailure) -> [UInt8] {
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var place = part.offset
    let end = part.offset + part.count
    while place < end {
      let count = pread(part.descriptor, &buffer, Int(min(Int64(buffer.count), end - place)), off_t(place))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemFailure("read", name) }
      hash.update(Array(buffer[..<count]))
      place += Int64(count)
    }
    return hash.finish()
  }
}
