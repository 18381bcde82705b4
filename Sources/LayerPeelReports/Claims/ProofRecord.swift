public import LayerPeel

/// What was proved of a flow's end, as claims judge it.
public struct ProofRecord: Hashable, Sendable {
  /// The flow's name.
  public var name: String
  /// `ε`: exact arithmetic proves the end within a factor `1 + ε` of the best possible; nil where
  /// it does not separate.
  public var epsilon: Double?
  /// The margin ratio that the flow recorded at its end, in floating point.
  public var marginRatio: Double?

  /// A proof of given numbers.
  public init(name: String, epsilon: Double?, marginRatio: Double?) {
    self.name = name
    self.epsilon = epsilon
    self.marginRatio = marginRatio
  }

  /// The proof of a flow's end; nil where it does not separate.
  public init(_ flow: FlowRecord, _ proof: SeparationProof?) {
    self.init(
      name: flow.name, epsilon: proof?.epsilon.approximation, marginRatio: flow.last(.marginRatio))
  }
}
