import LayerPeel
import TestSupport
import Testing

struct ExactArithmeticTests {
  /// `2^100`, by hand.
  private static let power = (0..<100).reduce(BigInteger(1)) { product, _ in
    product * BigInteger(2)
  }

  @Test func `integers outgrow a word and keep every digit`() {
    let power = Self.power
    #expect(power.description == "1267650600228229401496703205376")
    #expect((-power).description == "-1267650600228229401496703205376")
    #expect((power + BigInteger(1) - power) == BigInteger(1))
    // (2^100 + 1)(2^100 - 1) = 2^200 - 1.
    #expect((power + BigInteger(1)) * (power - BigInteger(1)) == power * power - BigInteger(1))
    #expect(-power < BigInteger(-1) && BigInteger(-1) < power)
    #expect([power - power, -power, power].map(\.signum) == [0, -1, 1])
    #expect(BigInteger(.min).description == "-9223372036854775808")
  }

  @Test func `fractions are in lowest terms, the sign above`() {
    let third = Rational(BigInteger(-4), BigInteger(-12))
    #expect(third.description == "1/3")
    #expect(Rational(BigInteger(6), BigInteger(-4)).description == "-3/2")
    #expect(Rational(BigInteger(0), BigInteger(-5)).description == "0/1")
    let half = Rational(BigInteger(1), BigInteger(2))
    #expect((half - third).description == "1/6")
    #expect((half * third).description == "1/6")
    #expect((half / third).description == "3/2")
    #expect(third < half && !(half < third) && !(half < half))
    // 1 / 2^100 is a double.
    #expect(Rational(BigInteger(3), Self.power).approximation == 3 * 0x1p-100)
  }

  @Test(arguments: [
    (0, 7, "0.00e0"), (1, 1, "1.00e0"), (1, 3, "3.34e-1"), (2, 3, "6.67e-1"),
    (9901, 10000, "9.91e-1"), (999, 1000, "9.99e-1"), (9991, 10000, "1.00e0"),
    (100_001, 1, "1.01e5"), (123, 1, "1.23e2"), (1, 1_000_000_000, "1.00e-9"),
    (1_000_000_001, 1_000_000_000_000_000_000, "1.01e-9"), (99, 1, "9.90e1"),
  ])
  func `three digits are rounded up, never down`(_ above: Int, _ below: Int, _ text: String) {
    #expect(Rational(BigInteger(above), BigInteger(below)).roundedUp == text)
  }

  @Test func `the text of a double gives it back, whatever it is`() {
    var generator = SplitMix64(seed: 5)
    let special: [Double] = [
      0, 1, -1.5, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
    ]
    let random = (0..<2000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    for value in special + random {
      #expect(Double(ExactDouble(value).text) == value, "\(value)")
    }
    #expect(ExactDouble(-1.5).text == "-0x3p-1")
    #expect(ExactDouble(-0.0).text == "0x0p0")
  }

  private func isSemidefinite(_ lower: [[Int]]) -> Bool {
    isPositiveSemidefinite(lower: lower.map { $0.map(BigInteger.init) })
  }

  @Test func `elimination decides small matrices as by hand`() {
    #expect(isSemidefinite([[2], [-1, 2], [0, -1, 2]]))
    // 1 · 1 - 1 = 0: singular and semidefinite; one less and it is not.
    #expect(isSemidefinite([[1], [1, 1]]))
    #expect(!isSemidefinite([[1], [1, 0]]))
    // The eigenvalues of I - 11ᵀ/3 times 3: 3, 3 and 0; with 4 in place of 3 below the diagonal,
    // -1.
    #expect(isSemidefinite([[2], [-1, 2], [-1, -1, 2]]))
    #expect(!isSemidefinite([[8], [-4, 8], [-4, -5, 8]]))
    // A pivot of zero says nothing where its row is zero, and everything where it is not.
    #expect(isSemidefinite([[0], [0, 5], [0, 1, 3]]))
    #expect(!isSemidefinite([[0], [1, 5]]))
    #expect(!isSemidefinite([[1], [1, 1], [2, 3, 9]]))
    #expect(!isSemidefinite([[0], [0, 0], [0, 0, -1]]))
    #expect(isSemidefinite([[0], [0, 0]]))
  }

  @Test func `elimination agrees with eigenvalues, Gram matrices of any rank among them`() throws {
    var generator = SplitMix64(seed: 6)
    var answers = [true: 0, false: 0]
    for _ in 0..<300 {
      let size = Int.random(in: 1...7, using: &generator)
      let rank = Int.random(in: 0...size, using: &generator)
      let factor = (0..<size).map { _ in
        (0..<rank).map { _ in Int.random(in: -4...4, using: &generator) }
      }
      var gram = factor.map { a in
        factor.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      }
      // A Gram matrix is semidefinite; below rank `size`, less a multiple of vvᵀ with v from
      // outside its range it is not, and of v from inside it may be.
      let spoilt = Bool.random(using: &generator)
      if spoilt { gram[size - 1][size - 1] -= Int.random(in: 0...3, using: &generator) }
      let dense = Matrix(rows: size, columns: size) { Double(gram[$0][$1]) }
      let least = Self.leastEigenvalue(of: dense)
      let decided = isSemidefinite((0..<size).map { i in (0...i).map { gram[i][$0] } })
      if !spoilt { #expect(decided) }
      // An eigenvalue of a matrix of small integers that is not zero is far above rounding.
      let rounding = 64 * Double(size * size) * .ulpOfOne * dense.norm
      #expect(decided == (least >= -rounding), "\(gram)")
      answers[decided]! += 1
    }
    #expect(answers[true]! > 50 && answers[false]! > 50)
  }

  /// By powers of a matrix shifted so that its least eigenvalue is the largest in size.
  private static func leastEigenvalue(of matrix: Matrix) -> Double {
    let shift = matrix.norm
    var power = Matrix(rows: matrix.rows, columns: matrix.rows) { i, j in
      (i == j ? shift : 0) - matrix[i, j]
    }
    guard power.norm > 0 else { return 0 }
    let shifted = power
    // Each product squares the ratio of any two eigenvalues: after 40 only the largest is left.
    for _ in 0..<40 { power = 1 / power.norm * (power * power) }
    return shift - Matrix.dot(power, shifted * power) / Matrix.dot(power, power)
  }
}
