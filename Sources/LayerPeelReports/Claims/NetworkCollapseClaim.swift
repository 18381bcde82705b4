import LayerPeel

extension Claim {
  /// Real networks without weight decay collapse.
  ///
  /// - Parameters:
  ///   - networks: One a seed.
  ///   - planned: How many seeds were planned; fewer leave the claim open.
  ///   - controls: Trainings that are shown beside them and decide nothing.
  public static func networksCollapse(
    _ networks: [NetworkRecord], planned: Int? = nil, controls: [NetworkRecord]
  ) -> Claim {
    let criterion = NetworkCollapseCriterion(
      networks: networks, planned: planned ?? networks.count)
    return Claim(
      name: "networks_collapse",
      statement: """
        A real network trained on real images past zero training error, without weight decay, does \
        what the model says: its last layer goes on collapsing.
        """,
      origin: .paper,
      criterion: """
        Direction: nc1_trace, nc2_means_angle and nc3_duality_centered are each lower at the end \
        than at the first epoch of zero training error. Depth: each ends below half its value in \
        the untrained network. Held if both hold in every seed; inconclusive if exactly one does, \
        if any executed parameter group had weight decay, or if zero training error was not \
        reached or training did not run to its end; else not held.
        """,
      verdict: criterion.verdict, openBecause: criterion.openBecause,
      measured: (networks + controls).flatMap(NetworkCollapseCriterion.measured),
      remarks: [
        """
        Without weight decay collapse is slow and partial, as the logarithmic rates of the flow \
        say: a few dozen epochs are a short time. Controls are shown whatever they show.
        """,
        """
        The criterion was fixed beforehand, the recipe was not: rate and length were chosen on \
        seeds 0, 1 and 2, after higher rates and shorter runs at which some seed's angle or \
        duality rose past zero error. Seeds 3 to 6, run afterwards, met the criterion; the \
        smallest fall was 0.4 % (duality, seed 4).
        """,
      ])
  }

  /// The same for a narrow convolutional network.
  ///
  /// - Parameters:
  ///   - networks: One a seed.
  ///   - planned: How many seeds were planned; fewer leave the claim open.
  ///   - isJudged: Whether they are; a single seed on few images is only shown.
  public static func narrowResNet18Collapses(
    _ networks: [NetworkRecord], planned: Int, isJudged: Bool
  ) -> Claim {
    let criterion = NetworkCollapseCriterion(networks: networks, planned: planned)
    let isShown = !isJudged && !networks.isEmpty
    let reason = """
      Shown, not judged: one seed on few images. `reproduce --preset laptop` judges three seeds on \
      10,000 images.
      """
    return Claim(
      name: "networks_collapse_resnet18",
      statement: "The same for a convolutional network: ResNet-18 of width 16 on Fashion-MNIST.",
      origin: .paper,
      criterion: "As for the network above, in every seed of the laptop preset.",
      verdict: isShown ? .inconclusive : criterion.verdict,
      openBecause: isShown ? reason : criterion.openBecause, isOnlyShown: isShown,
      measured: networks.flatMap(NetworkCollapseCriterion.measured))
  }

  /// The same at the scale of the paper's own experiments.
  ///
  /// - Parameters:
  ///   - networks: One for each model and data set that was trained.
  ///   - planned: How many were planned; fewer leave the claim open.
  ///   - missing: Data sets that are not here, with how to get each.
  public static func networksCollapseAtPaperScale(
    _ networks: [NetworkRecord], planned: Int, missing: [String] = []
  ) -> Claim {
    let criterion = NetworkCollapseCriterion(networks: networks, planned: planned)
    return Claim(
      name: "networks_collapse_at_paper_scale",
      statement: """
        The same for ResNet-18 and VGG-13 on MNIST, Fashion-MNIST, Kuzushiji-MNIST and CIFAR-10, \
        as in the paper's experiments.
        """,
      origin: .paper,
      criterion: "As for the network above, in every network.",
      verdict: criterion.verdict,
      openBecause: networks.isEmpty
        ? """
        `reproduce --preset full` trains them, for days on a laptop; it says how long before it \
        starts.
        """ : criterion.openBecause,
      measured: networks.flatMap(NetworkCollapseCriterion.measured), remarks: missing)
  }
}

private struct NetworkCollapseCriterion {
  static let metrics: [Quantity] = [.nc1Trace, .nc2MeansAngle, .nc3DualityCentered]
  let networks: [NetworkRecord]
  let planned: Int

  /// Whether a comparison holds of each metric in each seed; nil if a number is missing.
  private func holdsEverywhere(
    _ comparison: (NetworkRecord, Quantity) -> Bool?
  ) -> Bool? {
    var holds = true
    for network in networks {
      for metric in Self.metrics {
        guard let answer = comparison(network, metric) else { return nil }
        holds = holds && answer
      }
    }
    return holds
  }

  var verdict: Verdict {
    if networks.isEmpty { return .notRun }
    guard unfinished == nil, let direction, let depth else { return .inconclusive }
    if direction && depth { return .held }
    return direction || depth ? .inconclusive : .notHeld
  }

  /// Why the verdict is open, if it is.
  var openBecause: String? {
    guard verdict == .inconclusive else { return nil }
    if let unfinished { return unfinished }
    guard let direction, direction != depth else { return "A number is missing." }
    return direction
      ? "The direction holds in every seed, the depth does not."
      : "The depth holds in every seed, the direction does not."
  }

  private var unfinished: String? {
    networks.count < planned
      ? "Only \(networks.count) of \(planned) networks were trained."
      : networks.lazy.compactMap(\.cannotBeJudged).first
  }

  private var direction: Bool? {
    holdsEverywhere { network, metric in
      guard let last = network.last(metric), let then = network.atZeroError(metric) else {
        return nil
      }
      return last < then
    }
  }

  private var depth: Bool? {
    holdsEverywhere { network, metric in
      guard let last = network.last(metric), let untrained = network.untrained(metric) else {
        return nil
      }
      return last < untrained / 2
    }
  }

  static func measured(_ network: NetworkRecord) -> [Claim.Measured] {
    [
      Claim.Measured(
        "\(network.name): first epoch of zero training error",
        network.zeroErrorEpoch.map(Double.init))
    ]
      + metrics.flatMap { metric in
        [
          Claim.Measured("\(network.name): \(metric.name) untrained", network.untrained(metric)),
          Claim.Measured(
            "\(network.name): \(metric.name) at zero error", network.atZeroError(metric)),
          Claim.Measured("\(network.name): \(metric.name) at the end", network.last(metric)),
        ]
      }
  }
}
