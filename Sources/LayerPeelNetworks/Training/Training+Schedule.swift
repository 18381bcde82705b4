internal import Glibc

extension Training {
  /// How the rate changes from epoch to epoch.
  public enum Schedule: String, CaseIterable, Sendable, Codable {
    /// Not at all.
    case constant
    /// Ten times smaller after one and after two thirds of the epochs, or from given epochs on.
    ///
    /// > Source: Fang et al., PNAS 2021, [arXiv:2101.12699](https://arxiv.org/abs/2101.12699).
    case step
    /// `η_e = η (1 + cos(π e/E))/2` in epoch `e = 0, …, E - 1`, PyTorch's `CosineAnnealingLR`.
    case cosine
  }
}

extension Training.Settings {
  /// The rate in epoch `epoch`, counted from 0.
  public func rate(in epoch: Int) -> Double {
    switch schedule {
    case .constant: rate
    case .step: rate / power(of: 10, Double(steps.count { $0 <= epoch }))
    case .cosine: rate * (1 + cos(Double.pi * Double(epoch) / Double(epochs))) / 2
    }
  }

  /// Where a stepped rate falls.
  private var steps: [Int] {
    guard milestones.isEmpty else { return milestones }
    return [1, 2].map { Int((Double($0 * epochs) / 3).rounded()) }
  }
}

/// `base^exponent`.
func power(of base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// `log x`.
func logarithm(of x: Double) -> Double { log(x) }
