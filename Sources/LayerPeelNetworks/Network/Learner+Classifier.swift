internal import LayerPeel

extension Learner {
  /// `W`, `K × d`, row by row.
  func classifierWeight() throws(ModelError) -> [Float] {
    try parameter(named: "\(architecture.classifierName).weight")
  }

  /// `b`, one entry a class; nil where the classifier has none.
  func classifierBias() throws(ModelError) -> [Float]? {
    architecture.hasClassifierBias
      ? try parameter(named: "\(architecture.classifierName).bias") : nil
  }
}
