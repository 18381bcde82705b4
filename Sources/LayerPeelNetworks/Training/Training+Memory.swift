extension Training {
  /// Bytes that a run takes at most beside the samples themselves.
  ///
  /// The network or the free features, three copies of the weights that are kept of it, and the
  /// logits, figures and features of two probes.
  public func memoryNeeded(samples: Int) -> Double {
    let (count, d) = (Double(samples), Double(architecture.dimension))
    let probes = count * (8 * d + 64 * Double(architecture.classes)) + 80 * d * d
    guard architecture.model != .linearFeatures else { return 36 * count * d + probes }
    return 2 * architecture.memoryNeeded(batch: settings.batchSize, samples: samples) + probes
  }
}
