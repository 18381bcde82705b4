internal import Glibc

/// The generator SplitMix64: a state that counts up in large odd steps, mixed at each output.
///
/// > Source: Steele, Lea & Flood, OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// Name and version under which outputs record it, with the Gaussian transform below.
  public static let name = "splitmix64/box-muller-1"
  /// What determines everything to come: a generator with this seed goes on from here.
  public private(set) var state: UInt64

  /// A generator whose outputs are determined by `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension RandomNumberGenerator {
  /// A double strictly between 0 and 1: the upper 53 bits, centred in their cell.
  package mutating func openUnit() -> Double {
    (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992
  }

  /// Two independent standard normal numbers.
  ///
  /// > Source: Box & Muller, Annals of Mathematical Statistics 1958.
  package mutating func gaussianPair() -> (Double, Double) {
    let radius = (-2 * log(openUnit())).squareRoot()
    let angle = 2 * Double.pi * openUnit()
    return (radius * cos(angle), radius * sin(angle))
  }
}
