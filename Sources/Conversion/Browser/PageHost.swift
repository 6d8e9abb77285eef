/// The server that an address of the web leads to, by its name and port.
struct PageHost: Equatable {
  let name: String
  let port: String

  /// Nil for an address that is none of the web's.
  init?(of address: String) {
    let parts = address.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasPrefix("//") else { return nil }
    let usual: String
    switch parts[0].lowercased() {
    case "http", "ws": usual = "80"
    case "https", "wss": usual = "443"
    default: return nil
    }
    let authority = parts[1].dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let end = place.lastIndex(of: "]").map(place.index(after:)) ?? place.startIndex
    let colon = place[end...].firstIndex(of: ":")
    let name = place[..<(colon ?? place.endIndex)]
    guard !name.isEmpty else { return nil }
    // Whoever dials it knows a numeric address without its brackets.
    self.name =
      name.hasPrefix("[") && name.hasSuffix("]") ? name.dropFirst().dropLast().lowercased() : name.lowercased()
    port = colon.map { String(place[place.index(after: $0)...]) } ?? usual
  }
}
