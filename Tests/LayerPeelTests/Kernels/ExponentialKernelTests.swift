import CKernels
import Glibc
import LayerPeel
import Testing

/// The exponential of the kernels against the C library's, which is right to 0.52 ulp.
struct ExponentialKernelTests {
  private func kernel(_ x: [Double]) -> [Double] {
    var z = [Double](repeating: .nan, count: x.count)
    layerpeel_exponential(x.count, x, &z)
    return z
  }

  /// The arguments at which the kernel is further than 2 ulp from the C library.
  private func misses(_ x: [Double]) -> [Double] {
    zip(x, kernel(x)).filter { x, z in !(abs(z - exp(x)) <= 2 * exp(x).ulp) }.map(\.0)
  }

  struct Interval: CustomStringConvertible {
    let range: ClosedRange<Double>
    var description: String { "\(range)" }
  }

  static let intervals = [
    Interval(range: -708...700), Interval(range: -40...0), Interval(range: -1...1),
    Interval(range: -1e-9...1e-9), Interval(range: -708 ... -700), Interval(range: 690...700),
  ]

  @Test(arguments: intervals)
  func `e^x is within two units in the last place`(_ interval: Interval) {
    var generator = SplitMix64(seed: 11)
    let x = (0..<100_000).map { _ in Double.random(in: interval.range, using: &generator) }
    #expect(misses(x) == [])
  }

  @Test func `e^x is within two units beside every half integer multiple of log 2`() {
    // Where the reduction changes its integer, the polynomial is at the ends of its interval.
    let x = (-2042...2018).flatMap { k -> [Double] in
      let x = Double(k) / 2 * log(2)
      return [x.nextDown, x, x.nextUp]
    }.filter { $0 >= -708 && $0 <= 700 }
    #expect(misses(x) == [])
  }

  @Test func `the edges are exact`() {
    #expect(kernel([0, -0.0]) == [1, 1])
    #expect(kernel([(-708.0).nextDown, -1e300, -.infinity]) == [0, 0, 0])
    #expect(misses([-708, 700]) == [])
  }

  @Test(arguments: 0...19)
  func `any length gives each entry the same value`(_ length: Int) {
    let x = (0..<length).map { 0.37 * Double($0) - 3 }
    #expect(kernel(x) == x.map { kernel([$0])[0] })
  }
}
