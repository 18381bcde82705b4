import LayerPeel
public import LayerPeelNetworks

extension Claim {
  /// Features of a network do not move, in its terminal phase, as free features would.
  ///
  /// - Parameters:
  ///   - networks: One a seed.
  ///   - planned: How many seeds were planned; fewer leave the claim open.
  ///   - free: The model itself in a network's place, moved by plain steps on all samples: what shows
  ///     that the instrument is sound. Without it nothing is decided.
  ///   - others: Further controls, which decide nothing.
  ///   - forecast: From the first network's first epoch of zero training error; decides nothing.
  public static func networksMoveOtherwise(
    _ networks: [NetworkRecord], planned: Int? = nil, free: NetworkRecord?,
    others: [NetworkRecord] = [], forecast: Forecast.Outcome? = nil
  ) -> Claim {
    let criterion = MotionCriterion(
      networks: networks, planned: planned ?? networks.count, free: free)
    return Claim(
      name: "networks_move_otherwise",
      statement: """
        Networks collapse by another way than free features would: past zero training error most of \
        their features' motion is not the model's.
        """,
      origin: .ours,
      criterion: """
        The share of the features' motion between two probes that the model's descent direction \
        explains, averaged over all probes past the first epoch of zero training error, is below \
        one half in every seed. The instrument is sound: where features are free (linear features, \
        an epoch of which is one plain step on all samples), the share is above 0.99 at every probe \
        of the first \(MotionCriterion.checkedEpochs) epochs, and in the mean past zero error, and \
        they move along the direction, not against it. Not held if the instrument is sound and the share of a network is one half or more in \
        some seed; inconclusive if the instrument is not sound, if a seed had weight decay, did not \
        reach zero error or has fewer than three probes past it, or if a number is missing.
        """,
      verdict: criterion.verdict, openBecause: criterion.openBecause,
      measured: networks.flatMap(MotionCriterion.measured)
        + ([free].compactMap { $0 }).flatMap(MotionCriterion.measuredFree)
        + others.flatMap(MotionCriterion.measured) + (forecast.map(measured) ?? []),
      remarks: [
        """
        The criterion was fixed after one run on 2,000 images, whose features' cosine with the \
        model was between 0.03 and 0.31 past zero error (a share of at most 0.1), and before any run \
        on the 10,000 of the standard plan. It speaks of small networks on one data set.
        """,
        """
        Probes lie further and further apart, and a path that bends between two of them lowers the \
        share even of features that are free. The linear features' own share past zero error, between \
        probes at like epochs, says by how much; an epoch of theirs is one step, though, and their \
        loss need not fall as a network's does.
        """,
        """
        The forecast is the model's flow from the first network's last layer at its first epoch of \
        zero error. Its distances are between normalised Gram matrices, of centred class means, of \
        centred classifier rows and of the products of both, where flow and network have the same \
        loss; a forecast of no change at all would miss by the distance to the start.
        """,
      ])
  }

  private static func measured(_ forecast: Forecast.Outcome) -> [Measured] {
    guard let match = forecast.lastMatch else { return [] }
    return [
      Measured("forecast: from epoch", Double(forecast.epoch)),
      Measured("forecast: compared at epoch", Double(match.epoch)),
    ]
      + zip(match.toStart.geometry, match.toSameLoss.geometry).flatMap { start, flow in
        [
          Measured("forecast: \(start.name), network to the start", start.reading.number),
          Measured("forecast: \(start.name), network to the flow", flow.reading.number),
        ]
      }
  }
}

/// Whether the model explains less than half of what features do, measured by a sound instrument.
private struct MotionCriterion {
  static let checkedEpochs = 10
  static let leastProbes = 3
  let networks: [NetworkRecord]
  let planned: Int
  let free: NetworkRecord?

  var verdict: Verdict {
    if networks.isEmpty { return .notRun }
    if openBecause != nil { return .inconclusive }
    return shares.allSatisfy { $0 < 0.5 } ? .held : .notHeld
  }

  /// What is missing for a verdict; nil if nothing is.
  var openBecause: String? {
    guard !networks.isEmpty else { return nil }
    if networks.count < planned {
      return "Only \(networks.count) of \(planned) networks were trained."
    }
    if let reason = networks.lazy.compactMap(\.cannotBeJudged).first { return reason }
    if let few = networks.first(where: { $0.terminalCount < Self.leastProbes }) {
      return "There are fewer than three probes past zero training error (\(few.name))."
    }
    guard shares.count == networks.count else { return "A share could not be computed." }
    guard let early = free?.leastEarlyShare(Self.checkedEpochs), free?.zeroErrorEpoch != nil,
      let late = free?.terminal(.alignmentExplained).mean,
      let cosine = free?.terminal(.alignmentFeatures).least
    else { return "Nothing shows that the instrument is sound." }
    return min(early, late) > 0.99 && cosine > 0
      ? nil : "The instrument does not find free features to be free."
  }

  private var shares: [Double] {
    networks.compactMap { $0.terminal(.alignmentExplained).mean }
  }

  static func measured(_ network: NetworkRecord) -> [Claim.Measured] {
    let phase = network.zeroErrorEpoch == nil ? "whole run, no zero error" : "past zero error"
    let (share, cosine) = (
      network.terminal(.alignmentExplained), network.terminal(.alignmentFeatures)
    )
    return [
      ("mean share explained, \(phase)", share.mean), ("least share", share.least),
      ("largest share", share.largest), ("mean cosine of the features", cosine.mean),
      ("least cosine", cosine.least), ("largest cosine", cosine.largest),
      ("mean part along class means", network.terminal(.alignmentClassMeanPart).mean),
      ("mean cosine of the classifier", network.terminal(.alignmentClassifier).mean),
    ].map { Claim.Measured("\(network.name): \($0.0)", $0.1) }
  }

  static func measuredFree(_ network: NetworkRecord) -> [Claim.Measured] {
    [
      Claim.Measured(
        "\(network.name): least share explained in the first \(checkedEpochs) epochs",
        network.leastEarlyShare(checkedEpochs))
    ] + measured(network)
  }
}

extension NetworkRecord {
  /// Probes past the first without training error; all, where there is none.
  private var terminal: [Measurement] {
    trajectory.records.filter { $0.coordinate.number > (zeroErrorEpoch ?? 0) }.map(\.measurement)
  }

  /// How many probes the terminal phase has beside its first.
  fileprivate var terminalCount: Int { zeroErrorEpoch == nil ? 0 : terminal.count }

  /// A quantity over the terminal phase, or over all probes where there is none.
  fileprivate func terminal(
    _ quantity: Quantity
  ) -> (mean: Double?, least: Double?, largest: Double?) {
    let values = terminal.compactMap { $0[quantity].number }
    guard !values.isEmpty else { return (nil, nil, nil) }
    return (values.reduce(0, +) / Double(values.count), values.min(), values.max())
  }

  /// The least explained share up to an epoch, where every epoch was one plain step on all samples;
  /// nil where one was more than that, a share is missing, or there are too few.
  fileprivate func leastEarlyShare(_ epochs: Int) -> Double? {
    guard isPlainDescent else { return nil }
    let early = trajectory.records.filter { (1...epochs).contains($0.coordinate.number) }
    // The square with its sign: who moves against the gradient does not move as modelled.
    let shares = early.compactMap { $0.measurement[.alignmentFeatures].number.map { $0 * abs($0) } }
    return shares.count >= MotionCriterion.leastProbes && shares.count == early.count
      ? shares.min() : nil
  }
}
