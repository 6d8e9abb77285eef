import Basics

/// What a browser has told of a page so far.
struct PageState {
  /// The frame of the page itself.
  var frame = ""
  /// The request for the page's document, the last one where one leads to another.
  var document: String?
  var address = ""
  var status: Int?
  var mediaType = ""
  /// Why the document could not be loaded, in the browser's words such as net::ERR_CERT_DATE_INVALID.
  var error: String?
  var isDownload = false
  var hasCrashed = false
  /// Names of what has happened to the present document, such as load and networkIdle.
  var marks: Set<String> = []
  /// Requests under way, and when the last one began or ended, on the monotonic clock.
  var open: Set<String> = []
  var lastTraffic = Clock.readMonotonic()
  var asked = 0
  /// Documents that the page has had one after the other.
  var documents = 0

  /// Notes what an event of the page says.
  mutating func take(_ event: String, _ parameters: JSONValue) {
    let request = parameters["requestId"]?.string
    switch event {
    case "Network.requestWillBeSent":
      if let request { open.insert(request) }
      (lastTraffic, asked) = (Clock.readMonotonic(), asked + 1)
      guard parameters["type"]?.string == "Document", parameters["frameId"]?.string == frame else { break }
      if document != request { (marks, documents) = ([], documents + 1) }
      (document, status, error, mediaType) = (request, nil, nil, "")
      address = parameters["request"]?["url"]?.string ?? address
    case "Network.responseReceived":
      guard request == document, document != nil else { break }
      status = parameters["response"]?["status"]?.integer.map(Int.init)
      mediaType = parameters["response"]?["mimeType"]?.string ?? ""
    case "Network.loadingFinished":
      if let request { open.remove(request) }
      lastTraffic = Clock.readMonotonic()
    case "Network.loadingFailed":
      if let request { open.remove(request) }
      lastTraffic = Clock.readMonotonic()
      if request == document, document != nil { error = parameters["errorText"]?.string ?? "net::ERR_FAILED" }
    case "Page.lifecycleEvent":
      // What is loaded with a document has the name of its request.
      guard parameters["frameId"]?.string == frame, let name = parameters["name"]?.string,
        document != nil, parameters["loaderId"]?.string == document
      else { break }
      marks.insert(name)
    // A page may break off its own loading, and is there then.
    case "Page.frameStoppedLoading":
      if parameters["frameId"]?.string == frame, status != nil { marks.formUnion(["DOMContentLoaded", "load"]) }
    case "Page.downloadWillBegin": isDownload = true
    case "Inspector.targetCrashed", "Target.targetCrashed": hasCrashed = true
    default: break
    }
  }
}
