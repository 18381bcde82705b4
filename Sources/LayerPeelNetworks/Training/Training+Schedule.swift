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
    case .step: rate / pow(10, Double(steps.count { $0 <= epoch }))
    case .cosine: rate * (1 + cos(Double.pi * Double(epoch) / Double(epochs))) / 2
    }
  }

  /// Where a stepped rate falls: of few epochs the first has the whole rate still, and no two falls
  /// come together.
  private var steps: Set<Int> {
    guard milestones.isEmpty else { return Set(milestones) }
    let thirds = Set([1, 2].map { Int((Double($0 * epochs) / 3).rounded()) })
    return thirds.filter { $0 >= 1 }
  }
}
