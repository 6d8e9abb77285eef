import Formats

/// Fills pages with boxes, one below the other.
final class PageFlow {
  let document: PageDocument
  /// What comes first on each page that begins within it: the head of a table.
  var runningHead: [FlowBox] = []
  /// The most that is left free above the next box, of what was asked for since the last one.
  private var space = 0.0

  private let room: Double
  private let origin: (x: Double, y: Double)
  /// How far the page is filled.
  private var y = 0.0
  private var isAtTop = true
  private var ground: [UInt8] = []
  private var content: [UInt8] = []
  private var links: [LinkArea] = []
  private var open: [(ground: Ground, top: Double)] = []
  /// Boxes that stay together with one that has not come yet.
  private var waiting: [FlowBox] = []
  private var waitingHeight = 0.0

  init(_ document: PageDocument) {
    self.document = document
    room = document.style.room.y
    origin = (document.style.origin.x, document.style.height - document.style.origin.y)
  }

  /// How high a box may be.
  var pageHeight: Double { room }

  /// Leaves space above the next box; what is asked for several times counts once.
  func need(_ points: Double) { space = max(space, points) }

  func add(_ box: FlowBox) throws(ConversionFailure) {
    var box = box
    box.space = max(box.space, space)
    space = 0
    if waiting.isEmpty && !box.keepsWithNext { return try place(box) }
    waiting.append(box)
    waitingHeight += box.space + box.height
    if !box.keepsWithNext || waitingHeight > room { try release() }
  }

  /// Goes to the next page, be this one empty.
  func breakPage() throws(ConversionFailure) {
    try release()
    try endPage()
  }

  /// Ends the last page; an empty document has one.
  func finish() throws(ConversionFailure) {
    try release()
    runningHead = []
    if !isAtTop || document.isEmpty { try endPage() }
  }

  private func release() throws(ConversionFailure) {
    let boxes = waiting
    let height = waitingHeight - (isAtTop ? boxes.first?.space ?? 0 : 0)
    waiting.removeAll(keepingCapacity: true)
    waitingHeight = 0
    if !isAtTop, !boxes.isEmpty, exceeds(y + height), height <= room { try beginPage() }
    for box in boxes { try place(box) }
  }

  private func exceeds(_ y: Double) -> Bool { y > room + 0.01 }

  private func place(_ box: FlowBox) throws(ConversionFailure) {
    if !isAtTop, exceeds(y + box.space + box.height) { try beginPage() }
    close(behind: box.grounds)
    if !isAtTop { y += box.space }
    show(box)
  }

  private func show(_ box: FlowBox) {
    close(behind: box.grounds)
    for one in box.grounds.dropFirst(open.count) { open.append((one, y)) }
    let top = origin.y - y
    if let heading = box.heading {
      document.add(OutlineEntry(title: heading.title, level: heading.level, page: document.nextPage, y: top + 4))
    }
    if !box.content.isEmpty {
      content.append("q 1 0 0 1 ")
      PDFText.append(origin.x, top, to: &content)
      content.append(" cm\n")
      content += box.content
      content.append("Q\n")
    }
    for var link in box.links {
      link.left += origin.x
      link.right += origin.x
      link.bottom += top
      link.top += top
      links.append(link)
    }
    y += box.height
    isAtTop = false
  }

  /// Ends the areas that are not behind the next box.
  private func close(behind next: [Ground]) {
    let kept = zip(open, next).prefix { $0.ground.number == $1.number }.count
    for (one, top) in open[kept...] {
      ground.append(one.ink)
      PDFText.append(operands: [origin.x + one.x, origin.y - y, one.width, y - top], to: &ground)
      ground.append("re f\n")
    }
    open.removeSubrange(kept...)
  }

  private func beginPage() throws(ConversionFailure) {
    try endPage()
    for box in runningHead { show(box) }
  }

  private func endPage() throws(ConversionFailure) {
    close(behind: [])
    try document.addPage(ground + content, links)
    ground.removeAll(keepingCapacity: true)
    content.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    y = 0
    isAtTop = true
  }
}
