/// What a stand-by calls itself, and how often it looks.
struct StandbyIdentity {
  let name: String
  let interval: Duration
}
