public import LayerPeel

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
  /// Networks with weight decay, on shuffled labels, without batch normalisation.
  public var controls: [NetworkRecord] = []
  /// The flow from the first network's last layer.
  public var bridge: FlowRecord?
  /// Metrics of Gaussian features and classifier of the networks' shape: what no structure scores.
  public var baseline: Measurement?

  /// How many seeds were planned; fewer leave their claims open.
  public let plannedSeeds: Int

  /// Nothing yet.
  public init(plannedSeeds: Int) { self.plannedSeeds = plannedSeeds }

  /// Every claim, judged by what is here.
  public var claims: [Claim] {
    let flows = gaussian + [imbalanced, square].compactMap { $0 }
    return [
      .flowReachesKKTDirection(flows, planned: plannedSeeds + 2),
      .globalOptimumIsCollapse(gaussian, planned: plannedSeeds),
      .endsAreProved(proofs, planned: plannedSeeds, others: otherProofs),
      .flowLeavesOtherDirections(exact: square, perturbed: perturbed),
      .otherKKTPointsHaveAWayOut(kktPoints, planned: Reproduction.kktPoints.count),
      .otherCriticalPointsAreStrictSaddles(landscapes, planned: Reproduction.landscapes.count),
      .networksCollapse(networks, planned: plannedSeeds, controls: controls),
      .modelContinuesNetwork(bridge, network: networks.first), .cifar10NotRun,
    ]
  }
}
