extension Setting {
  package static let userHeader = Setting(
    "WONDER_TRUSTED_USER_HEADER", .text, "",
    "the header field in which a proxy among WONDER_TRUSTED_PROXIES names the e-mail address of who is signed in")
  package static let newUsers = Setting(
    "WONDER_NEW_USERS", .text, "none",
    "what somebody without an account gets who comes in by that field or by OpenID Connect: none, admin, or SLUG:member or SLUG:admin of a workspace"
  )
  package static let signOutURL = Setting(
    "WONDER_SIGN_OUT_URL", .url, "", "where a browser goes after signing out, such as the sign-out of that proxy")
  package static let oidcIssuer = Setting(
    "WONDER_OIDC_ISSUER", .url, "", "the provider of OpenID Connect with which people sign in, by its https address")
  package static let oidcClient = Setting(
    "WONDER_OIDC_CLIENT_ID", .text, "", "what that provider calls this server")
  package static let oidcSecret = Setting(
    "WONDER_OIDC_CLIENT_SECRET", .text, "", "the secret that goes with it", isSecret: true)
  package static let oidcScopes = Setting(
    "WONDER_OIDC_SCOPES", .text, "openid email profile", "what that provider is asked for")
  package static let oidcGroups = Setting(
    "WONDER_OIDC_GROUPS_CLAIM", .text, "groups", "the claim in which that provider tells the groups of a person")
  package static let oidcRoles = Setting(
    "WONDER_OIDC_ROLES", .text, "",
    "what groups bring, as GROUP=admin, GROUP=SLUG:member or GROUP=SLUG:admin with commas between; the provider then has the say there"
  )
  package static let oidcName = Setting(
    "WONDER_OIDC_NAME", .text, "single sign-on", "what the button at the door calls that provider")

  /// How people sign in without a password of this server.
  package static let signOn: [Setting] = [
    userHeader, newUsers, signOutURL, oidcIssuer, oidcClient, oidcSecret, oidcScopes, oidcGroups, oidcRoles, oidcName,
  ]
}
