public import LayerPeel
public import LayerPeelNetworks

/// Everything that was recorded, from which claims and figures are made; what was not run is empty.
public struct Evidence: Sendable {
  /// Flows from Gaussian starts with equal classes, one a seed.
  public var gaussian: [FlowRecord] = []
  /// The flow from a Gaussian start with unequal classes.
  public var imbalanced: FlowRecord?
  /// The flow from the square start, for all time in a plane.
  public var square: FlowRecord?
  /// The same with a perturbation of full rank.
  public var perturbed: FlowRecord?
  /// Proofs of the ends of ``gaussian``.
  public var proofs: [ProofRecord] = []
  /// Proofs of the ends of ``imbalanced`` and ``square``, which decide nothing.
  public var otherProofs: [ProofRecord] = []
  /// KKT points that are not collapse.
  public var kktPoints: [KKTPointRecord] = []
  /// Polygons that cannot leave their plane, which decide nothing.
  public var planePolygons: [KKTPointRecord] = []
  /// Landscapes, with a descent from each saddle.
  public var landscapes: [LandscapeRecord] = []
  /// The descent that is drawn.
  public var descent: DescentRecord?
  /// Critical points whose class vectors are drawn.
  public var classVectors: [ClassVectors] = []
  /// Networks without weight decay on true labels, one a seed.
  public var networks: [NetworkRecord] = []
  /// Narrow convolutional networks, one a seed.
  public var narrow: [NetworkRecord] = []
  /// Networks of the paper's scale.
  public var paper: [NetworkRecord] = []
  /// How to get data sets that networks of the plan would have needed.
  public var missing: [String] = []
  /// Free features in a network's place, which are one of the controls.
  public var free: NetworkRecord?
  /// Networks with weight decay, on shuffled labels, without batch normalisation; free features.
  public var controls: [NetworkRecord] = []
  /// The flow from the first network's last layer.
  public var bridge: FlowRecord?
  /// The flow from the first network's first epoch of zero training error, beside the network.
  public var forecast: Forecast.Outcome?
  /// Metrics of Gaussian features and classifier of the networks' shape: what no structure scores.
  public var baseline: Measurement?

  /// What was planned; fewer runs leave their claims open.
  public let plan: ReproductionPlan

  /// Nothing yet.
  public init(plan: ReproductionPlan) { self.plan = plan }

  /// Takes a network in.
  mutating func add(_ network: NetworkRecord, as role: NetworkPlan.Role) {
    switch role {
    case .perceptron: networks.append(network)
    case .narrow: narrow.append(network)
    case .paper: paper.append(network)
    case .control: controls.append(network)
    case .freeFeatures:
      controls.append(network)
      free = network
    }
  }

  /// Every claim, judged by what is here.
  public var claims: [Claim] {
    let flows = gaussian + [imbalanced, square].compactMap { $0 }
    let seeds = plan.flowSeeds.count
    return [
      .flowReachesKKTDirection(flows, planned: seeds + 2),
      .globalOptimumIsCollapse(gaussian, planned: seeds),
      .endsAreProved(proofs, planned: seeds, others: otherProofs),
      .flowLeavesOtherDirections(exact: square, perturbed: perturbed),
      .otherKKTPointsHaveAWayOut(kktPoints, planned: Reproduction.kktPoints.count),
      .otherCriticalPointsAreStrictSaddles(landscapes, planned: Reproduction.landscapes.count),
    ] + networkClaims
  }

  private var networkClaims: [Claim] {
    let planned = plan.networks(.perceptron).count
    return [
      .networksCollapse(networks, planned: planned, controls: controls),
      .narrowResNet18Collapses(
        narrow, planned: plan.networks(.narrow).count, isJudged: plan.judgesNarrow),
      .networksCollapseAtPaperScale(
        paper, planned: plan.networks(.paper).count, missing: missing),
      .modelContinuesNetwork(bridge, network: networks.first),
      .networksMoveOtherwise(
        networks, planned: planned, free: free, others: controls.filter { $0.name != free?.name },
        forecast: forecast),
    ]
  }
}
