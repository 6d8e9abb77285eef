import Formats

/// Arithmetic with three rows of three numbers.
enum Matrix {
  static func product(_ left: [Double], _ right: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for step in 0..<3 { result[row * 3 + column] += left[row * 3 + step] * right[step * 3 + column] }
      }
    }
    return result
  }

  static func apply(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    var result = [0.0, 0.0, 0.0]
    for row in 0..<3 {
      for step in 0..<3 { result[row] += matrix[row * 3 + step] * vector[step] }
    }
    return result
  }

  static func inverse(_ m: [Double]) -> [Double]? {
    func minor(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double { m[a] * m[d] - m[b] * m[c] }
    let cofactors = [
      minor(4, 5, 7, 8), -minor(1, 2, 7, 8), minor(1, 2, 4, 5), -minor(3, 5, 6, 8), minor(0, 2, 6, 8),
      -minor(0, 2, 3, 5), minor(3, 4, 6, 7), -minor(0, 1, 6, 7), minor(0, 1, 3, 4),
    ]
    var determinant = m[0] * cofactors[0]
    determinant += m[1] * cofactors[3]
    determinant += m[2] * cofactors[6]
    guard abs(determinant) > 1e-9 else { return nil }
    return cofactors.map { $0 / determinant }
  }
}
