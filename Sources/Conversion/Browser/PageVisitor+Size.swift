import Basics

extension PageVisitor {
  /// Lays the page out for a window of another width.
  func resize(width: Int) throws(VisitTrouble) {
    try page.call(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .integer(Int64(max(1, min(PagePicture.longestSide, width)))), "height": .integer(Int64(height)),
        "deviceScaleFactor": .integer(1), "mobile": .boolean(false),
      ], by: soon)
  }
}
