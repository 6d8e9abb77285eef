import Basics

/// The Date line of answers, formatted once a second (RFC 9110 section 6.6.1).
struct DateField {
  private var second = Int64.min
  private var line: [UInt8] = []

  mutating func write(at moment: Timestamp, to output: inout [UInt8]) {
    if moment.seconds != second {
      second = moment.seconds
      line = Array("Date: \(CivilTime(moment).httpDate)\r\n".utf8)
    }
    output.append(contentsOf: line)
  }
}
