/// An answer to who follows, until the last of its bytes is sent or nobody takes them any more.
package final class FollowerAnswer: Sendable {
  private let followers: Followers

  init(_ followers: Followers) {
    self.followers = followers
    followers.change(answers: 1)
  }

  deinit { followers.change(answers: -1) }
}
