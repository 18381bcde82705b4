import LayerPeel
public import LayerPeelNetworks

extension Claim {
  /// Features of a network move, in its terminal phase, as free features would.
  ///
  /// - Parameters:
  ///   - networks: One a seed.
  ///   - planned: How many seeds were planned; fewer leave the claim open.
  ///   - shuffled: The control on shuffled labels; without it nothing is decided.
  ///   - others: Further controls, which decide nothing.
  public static func featuresMoveAsModelled(
    _ networks: [NetworkRecord], planned: Int? = nil, shuffled: NetworkRecord?,
    others: [NetworkRecord] = []
  ) -> Claim {
    Claim(
      name: "features_move_as_modelled",
      statement: """
        Past zero training error the features of a network move as the layer-peeled model says they \
        would if they were free, more than those of a network on shuffled labels do.
        """,
      origin: .ours,
      criterion: """
        The mean over all probes past the first epoch of zero training error of the cosine between \
        the features' change and the model's descent direction is positive, and above the same mean \
        of the network on shuffled labels (over all its probes where it never has zero error). Held \
        if both hold in every seed; inconclusive if there are fewer than three such probes or no \
        control; else not held.
        """,
      verdict: alignmentVerdict(networks, planned ?? networks.count, shuffled),
      measured: (networks + [shuffled].compactMap { $0 } + others).flatMap { network in
        [
          Claim.Measured(
            "\(network.name): mean alignment past zero error",
            network.terminalMean(.alignmentFeatures)),
          Claim.Measured(
            "\(network.name): mean share of the change explained",
            network.terminalMean(.alignmentExplained)),
          Claim.Measured(
            "\(network.name): mean alignment of the classifier",
            network.terminalMean(.alignmentClassifier)),
        ]
      },
      remarks: [
        """
        Directions drawn at random in as many dimensions score about the inverse root of their \
        number, less than 0.01 here; 1 would be the model itself. The criterion asks for a tendency, \
        not for agreement: the share explained says how much of the way the model accounts for.
        """
      ])
  }

  /// A network goes where the model's flow from its own last layer goes.
  ///
  /// - Parameter forecast: From the first network's first epoch of zero training error.
  public static func networkFollowsForecast(_ forecast: Forecast.Outcome?) -> Claim {
    let match = forecast?.lastMatch
    let pairs =
      match.map { Array(zip($0.toStart.geometry, $0.toSameLoss.geometry)) } ?? []
    return Claim(
      name: "network_follows_forecast",
      statement: """
        From its first epoch of zero training error a network goes the way that the model's flow \
        from its own last layer goes.
        """,
      origin: .ours,
      criterion: """
        At the network's last probe with a loss that the flow passes, the normalised Gram matrices \
        of its centred class means, of its centred classifier rows and of the products of both are \
        nearer to the flow's at that loss than to what they were when the flow started. Held if all \
        three are; not held if none is; inconclusive otherwise, or without such a probe.
        """,
      verdict: forecast == nil ? .notRun : forecastVerdict(pairs),
      measured: [Claim.Measured("epoch of the comparison", match.map { Double($0.epoch) })]
        + pairs.flatMap { start, flow in
          [
            Claim.Measured("\(start.name): distance to the start", start.reading.number),
            Claim.Measured("\(start.name): distance to the flow", flow.reading.number),
          ]
        },
      remarks: [
        """
        A forecast of no change at all would miss by the distance to the start. The flow moves \
        classifier and features at speeds that their norms decide; a network moves its features \
        through all its layers, so the two may part although they end alike. When the criterion was \
        written one run on 2,000 images had been looked at, and was nearer in its class means alone.
        """
      ])
  }
}

/// Whether alignment is positive and above the control's in every seed.
private func alignmentVerdict(
  _ networks: [NetworkRecord], _ planned: Int, _ shuffled: NetworkRecord?
) -> Verdict {
  guard !networks.isEmpty else { return .notRun }
  guard networks.count >= planned, networks.allSatisfy({ $0.terminalCount >= 3 }),
    let control = shuffled?.terminalMean(.alignmentFeatures)
  else { return .inconclusive }
  let means = networks.map { $0.terminalMean(.alignmentFeatures) }
  guard means.allSatisfy({ $0 != nil }) else { return .inconclusive }
  return means.allSatisfy { $0! > max(0, control) } ? .held : .notHeld
}

private func forecastVerdict(
  _ pairs: [((name: String, reading: Reading), (name: String, reading: Reading))]
) -> Verdict {
  let nearer = pairs.compactMap { start, flow -> Bool? in
    guard let stay = start.reading.number, let miss = flow.reading.number else { return nil }
    return miss < stay
  }
  guard nearer.count == 3 else { return .inconclusive }
  if nearer.allSatisfy({ $0 }) { return .held }
  return nearer.contains(true) ? .inconclusive : .notHeld
}

extension NetworkRecord {
  /// Probes past the first without training error; all, where there is none.
  private var terminal: [Measurement] {
    trajectory.records.filter { $0.coordinate.number > (zeroErrorEpoch ?? 0) }.map(\.measurement)
  }

  /// How many probes the terminal phase has beside its first.
  fileprivate var terminalCount: Int { zeroErrorEpoch == nil ? 0 : terminal.count }

  /// The mean of a quantity over the terminal phase, or over all probes where there is none.
  func terminalMean(_ quantity: Quantity) -> Double? {
    let values = terminal.compactMap { $0[quantity].number }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
