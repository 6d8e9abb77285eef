import Basics
import Engine
import Outbound

/// Looks whether the provider with which people sign in answers, and calls itself what the settings call it.
struct ProviderCheck {
  let settings: Settings

  /// Nil when nobody signs in with one.
  func finding() -> Finding? {
    do throws(SettingsFailure) {
      guard let provider = try ProviderSettings(settings) else { return nil }
      let problem = OpenIDConnect.problem(of: provider, AddressGuard.forOperators())
      return Finding(problem == nil ? .ok : .broken, "sign-in", "\(provider.issuer): \(problem ?? "answers")")
    } catch {
      return Finding(.broken, "sign-in", "\(error)")
    }
  }
}
