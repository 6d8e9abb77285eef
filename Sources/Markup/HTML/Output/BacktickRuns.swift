/// Fences of code are longer than any run of backticks in it.
enum BacktickRuns {
  static func longest(in code: some Sequence<UInt8>) -> Int {
    var longest = 0
    var run = 0
    for byte in code {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
