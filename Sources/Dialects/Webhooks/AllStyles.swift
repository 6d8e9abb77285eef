/// All webhook styles of this server.
package enum AllStyles {
  /// In the order in which they are offered.
  package static let all: [WebhookStyle] = [.wonder, .api2convert, .convertly, .enconvert, .koalapic, .standard]

  /// These and what the dialects bring themselves.
  package static func all(with dialects: [AllDialects.Row]) -> [WebhookStyle] {
    dialects.compactMap(\.style).reduce(into: all) { styles, style in
      if !styles.contains(where: { $0.name == style.name }) { styles.append(style) }
    }
  }
}
