/// What a measurement can hold; the raw value is its key in JSON, dotted where nested.
///
/// Sources and formulas stand with the code that computes each: margins and certificates in
/// ``Certificate``, collapse metrics in ``CollapseMetrics``, alignment in `SurrogateAlignment`.
public enum Quantity: String, CaseIterable, Sendable {
  /// `log L`, `L` the sum of the cross-entropies in nats.
  case logLoss = "log_loss"
  /// The least margin, in nats.
  case leastMargin = "q_min"
  /// `γ = q_min / ρ²`.
  case gamma
  /// `γ̃ = -log(e^L - 1) / ρ²`, which never decreases along the flow once `L < log 2`.
  case smoothedGamma = "smoothed_gamma"
  /// `γ/γ*`: 1 at a global optimum of the separation problem.
  case marginRatio = "margin_ratio"
  /// `v* q_min / ‖W Hᵀ‖_*`: the same judgement of the logits alone.
  case balancedMarginRatio = "balanced_margin_ratio"
  /// The largest `margin_ratio` of features that are nowhere negative.
  case nonnegativeMarginRatioCeiling = "nonnegative_margin_ratio_ceiling"
  /// `log ρ`.
  case logNorm = "log_norm"
  /// `‖θ/ρ + ∇L/‖∇L‖‖`, the stationarity residual divided by `‖θ̃‖`.
  case stationarity = "kkt_stationarity"
  /// Complementarity residual divided by `Σλ`.
  case complementarity = "kkt_complementarity"
  /// `ρ² / (2 q_min)`, the value of the point in the separation problem.
  case primal
  /// The best bound known without the trajectory.
  case dual
  /// The best bound that multipliers `λ ∝ p` gave so far.
  case trajectoryDual = "dual_trajectory"
  /// `primal - dual`.
  case gap
  /// `ν`: change of the weights `p/L` when every entry moves by one unit in the last place.
  case roundingNoise = "rounding_noise"
  /// Drift of `WᵀW - HᵀH`, relative to the start's own.
  case balanceDrift = "invariant_drift.balance"
  /// Drift of `1ᵀW`, relative to the start's own.
  case rowSumDrift = "invariant_drift.row_sum"

  /// Norm of the gradient on the sphere, or with weight decay in the whole space.
  case gradientNorm = "gradient_norm"
  /// `μ`, the sphere's multiplier, of any sign.
  case multiplier = "mu"

  /// `‖1ᵀW‖`.
  case nc0 = "metrics.nc0"
  /// `tr(Σ_W Σ_B⁺)/K`.
  case nc1Trace = "metrics.nc1_trace"
  /// `tr Σ_W / tr Σ_B`.
  case nc1Ratio = "metrics.nc1_ratio"
  /// Mean distance from the class mean over mean distance from the global mean.
  case nc1Within = "metrics.nc1_within"
  /// Class-distance normalised variance.
  case cdnv = "metrics.cdnv"
  /// Relative spread of the norms of the centred class means.
  case nc2MeansNorm = "metrics.nc2_means_norm"
  /// Relative spread of the norms of the classifier's rows.
  case nc2WeightsNorm = "metrics.nc2_weights_norm"
  /// The same with centred rows.
  case nc2WeightsNormCentered = "metrics.nc2_weights_norm_centered"
  /// Mean deviation of the means' cosines from the simplex's.
  case nc2MeansAngle = "metrics.nc2_means_angle"
  /// Mean deviation of the rows' cosines from the simplex's.
  case nc2WeightsAngle = "metrics.nc2_weights_angle"
  /// The same with centred rows.
  case nc2WeightsAngleCentered = "metrics.nc2_weights_angle_centered"
  /// Distance of the means' Gram matrix from the simplex's.
  case nc2MeansEtf = "metrics.nc2_means_etf"
  /// Distance of the rows' Gram matrix from the simplex's.
  case nc2WeightsEtf = "metrics.nc2_weights_etf"
  /// The same with centred rows.
  case nc2WeightsEtfCentered = "metrics.nc2_weights_etf_centered"
  /// `‖W/‖W‖ - M/‖M‖‖`.
  case nc3Duality = "metrics.nc3_duality"
  /// The same with centred rows.
  case nc3DualityCentered = "metrics.nc3_duality_centered"
  /// Distance of `W Mᵀ` from the simplex's Gram matrix.
  case nc3Product = "metrics.nc3_product"
  /// The same with centred rows.
  case nc3ProductCentered = "metrics.nc3_product_centered"
  /// Share of samples that classifier and nearest class mean judge differently.
  case nc4Mismatch = "metrics.nc4_mismatch"

  /// Mean cross-entropy over the training set, in nats.
  case trainLoss = "train_loss"
  /// Share of the training set that is misclassified.
  case trainError = "train_error"
  /// Mean cross-entropy over the test set, in nats.
  case testLoss = "test_loss"
  /// Share of the test set that is misclassified.
  case testError = "test_error"
  /// The least of the samples' margins, in nats; like the quantiles below, of the training set.
  case marginLeast = "margin_quantiles.q00"
  /// The margin that 1 % of the samples stay below.
  case margin01 = "margin_quantiles.q01"
  /// The margin that 10 % of the samples stay below.
  case margin10 = "margin_quantiles.q10"
  /// The median margin.
  case margin50 = "margin_quantiles.q50"
  /// The margin that 90 % of the samples stay below.
  case margin90 = "margin_quantiles.q90"
  /// The margin that 99 % of the samples stay below.
  case margin99 = "margin_quantiles.q99"
  /// The largest margin.
  case marginLargest = "margin_quantiles.q100"
  /// Cosine between the features' change and the model's `-Gᵀ W` of the probe before.
  case alignmentFeatures = "alignment.features"
  /// That cosine, class by class.
  case alignmentPerClass = "alignment.per_class"
  /// The share of the features' change that lies along the model's.
  case alignmentExplained = "alignment.explained"
  /// The share of the features' change that lies along the class means of the probe before.
  case alignmentClassMeanPart = "alignment.class_mean_part"
  /// Cosine between the classifier's change and the model's `-G H` of the probe before.
  case alignmentClassifier = "alignment.classifier"
}

extension Quantity {
  /// Every collapse metric.
  public static let metrics = allCases.filter { $0.rawValue.hasPrefix("metrics.") }
  /// Every quantile of the margins.
  public static let marginQuantiles = allCases.filter { $0.rawValue.hasPrefix("margin_quantiles.") }
  /// Every part of the surrogate alignment.
  public static let alignment = allCases.filter { $0.rawValue.hasPrefix("alignment.") }
  /// What can be known of any point of the model.
  public static let ofPoint: [Quantity] =
    [
      .logLoss, .leastMargin, .gamma, .smoothedGamma, .marginRatio, .balancedMarginRatio, .logNorm,
      .stationarity, .complementarity, .primal, .dual, .trajectoryDual, .gap, .balanceDrift,
      .rowSumDrift,
    ] + metrics
}
