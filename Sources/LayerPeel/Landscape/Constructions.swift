internal import Glibc

/// A direction from which a critical point is looked for, and its name.
package struct LandscapeStart: Sendable {
  /// Short and in lower case, such as `blocks-2+2`.
  package let name: String
  /// A point of norm 1; the origin alone has norm 0.
  package let direction: Point
  /// Descended, before it is refined, until the gradient is at most this share of the largest that
  /// the loss could have; nil if it is refined as it is.
  package let descendedToShare: Double?

  /// A start of given parts.
  package init(name: String, direction: Point, descendedToShare: Double? = nil) {
    self.name = name
    self.direction = direction
    self.descendedToShare = descendedToShare
  }
}

extension LayerPeeledModel {
  /// The constructions that fit into the model's dimension, most of them critical by symmetry.
  ///
  /// | Name | Class vectors |
  /// |---|---|
  /// | `origin` | all zero |
  /// | `collapse`, imbalanced `seli` | the separation optimum, a simplex if balanced |
  /// | `blocks-2+2` | a simplex in each block, blocks at right angles; single classes at 0 |
  /// | `merged-2+2` | the classes of a block share one vector; the vectors form a simplex |
  /// | `polygon` | a regular polygon in the plane |
  /// | `…-flip` | the same with `H` replaced by `-H` |
  /// | `flat` | `W = 1cᵀ`, equal class sums of `H`, which is of full rank where it can be |
  ///
  /// With equal classes, what is fixed by the permutations inside the blocks is a space of few
  /// dimensions, and a point critical within it is critical. Only equal blocks are critical as they
  /// are; for others refinement finds the sizes of the blocks.
  package var landscapeStarts: [LandscapeStart] {
    var starts = [LandscapeStart(name: "origin", direction: 0 * flatDirection)]
    for (name, configuration) in configurations
    where configuration.vectors.columns <= dimension {
      let point = balanced(configuration)
      starts.append(LandscapeStart(name: name, direction: point))
      let flipped = Point(classifier: point.classifier, features: -1 * point.features)
      starts.append(LandscapeStart(name: "\(name)-flip", direction: flipped))
    }
    return starts + [LandscapeStart(name: "flat", direction: flatDirection)]
  }

  /// Names and arrangements of the classes.
  private var configurations: [(String, ClassConfiguration)] {
    let classes = labels.classes
    let partitions = Partition.all(of: classes)
    return [(sizes.areBalanced ? "collapse" : "seli", .simplex(classes))]
      + partitions.map { ("blocks-\($0.name)", .blocks($0.blocks)) }
      + partitions.map { ("merged-\($0.name)", .merged($0.blocks)) }
      + (classes >= 4 ? [("polygon", .polygon(classes))] : [])
  }

  /// `w_k = v_k` and `h_i = v_{y_i}/√n`, which balances `W` and `H`, in unit norm; the optimum of
  /// imbalanced classes is taken from the separation problem.
  private func balanced(_ configuration: ClassConfiguration) -> Point {
    let isSimplex = configuration.vectors.columns == labels.classes - 1
    let counts = labels.sizes.counts
    let vectors = configuration.vectors(in: dimension)
    let point =
      isSimplex && !sizes.areBalanced
      ? sortedOptimum
      : Point(
        classifier: vectors,
        features: Matrix(rows: labels.count, columns: dimension) { i, j in
          vectors[labels[i], j] / Double(counts[labels[i]]).squareRoot()
        })
    return (1 / point.norm) * point
  }

  /// The separation problem's optimum, its samples in the order of this model's labels.
  private var sortedOptimum: Point {
    let optimum = SeparationProblem(sizes: sizes).optimum(dimension: dimension)
    let counts = sizes.counts
    let first = counts.indices.map { counts[..<$0].reduce(0, +) }
    return Point(
      classifier: optimum.classifier,
      features: Matrix(rows: labels.count, columns: dimension) { i, j in
        optimum.features[first[labels[i]], j]
      })
  }

  /// A point of the continuum `μ = 0`: `W = 1cᵀ`, and features that are waves of different length
  /// with equal class sums.
  private var flatDirection: Point {
    var features = Matrix(rows: labels.count, columns: dimension) { i, j in
      cos(Double((i + 1) * (j + 1)) + 0.5 * Double(j))
    }
    var sums = Matrix(rows: labels.classes, columns: dimension)
    for i in 0..<labels.count { for j in 0..<dimension { sums[labels[i], j] += features[i, j] } }
    let common =
      (1 / Double(labels.classes))
      * Matrix(
        rows: 1, columns: dimension, elements: sums.columnSums)
    for i in 0..<labels.count {
      let count = Double(labels.sizes.counts[labels[i]])
      for j in 0..<dimension { features[i, j] += (common[0, j] - sums[labels[i], j]) / count }
    }
    let classifier = Matrix(rows: labels.classes, columns: dimension) { _, j in
      cos(1 + Double(j))
    }
    let point = Point(classifier: classifier, features: features)
    return (1 / point.norm) * point
  }
}
