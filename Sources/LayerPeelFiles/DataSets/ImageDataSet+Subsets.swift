internal import Glibc
public import LayerPeel

extension ImageDataSet {
  /// The same with only the first `count` training images of each class, in the order of the file.
  ///
  /// - Throws: ``FileError/tooFewImages(dataSet:label:available:perClass:)``.
  public func firstOfEachClass(_ count: Int) throws(FileError) -> ImageDataSet {
    let (label, least) = train.sizes(classes: classes).enumerated().min {
      $0.element < $1.element
    }!
    guard (1...least).contains(count) else {
      throw .tooFewImages(
        dataSet: name.rawValue, label: label, available: least, perClass: count)
    }
    return firstOfClasses([Int](repeating: count, count: classes))
  }

  /// The same with an exponential long tail of training images: class `k` keeps the first
  /// `n R^(-k/(K-1))` of them, rounded, at least one, with `n` the size of the smallest class.
  ///
  /// The first class has `R` times as many as the last. The test part stays as it is.
  ///
  /// > Source: Cao, Wei, Gaidon, Arechiga & Ma, NeurIPS 2019,
  /// > [arXiv:1906.07413](https://arxiv.org/abs/1906.07413).
  ///
  /// - Parameter ratio: `R`, at least 1; 1 keeps `n` images of every class.
  /// - Throws: `ModelError.badSetting` for a ratio below 1 or not finite.
  public func imbalanced(ratio: Double) throws(ModelError) -> ImageDataSet {
    guard ratio >= 1, ratio.isFinite else {
      throw .badSetting(
        argument: "imbalance", value: "\(ratio)",
        expected: "a finite ratio of the largest class to the smallest, at least 1")
    }
    let largest = Double(train.sizes(classes: classes).min()!)
    let sizes = (0..<classes).map { k in
      let share = pow(ratio, -Double(k) / Double(max(1, classes - 1)))
      return max(1, Int((largest * share).rounded()))
    }
    return firstOfClasses(sizes)
  }

  /// The same with other training labels, as many, in which every class occurs.
  ///
  /// - Throws: `ModelError`: another number of labels or of classes.
  public func relabelled(_ labels: [Int]) throws(ModelError) -> ImageDataSet {
    guard labels.count == train.count else {
      throw .shapeMismatch(
        argument: "labels", expected: "\(train.count) labels", actual: "\(labels.count)")
    }
    let found = try Labels(labels).classes
    guard found == classes else {
      throw .shapeMismatch(
        argument: "labels", expected: "labels of \(classes) classes", actual: "\(found)")
    }
    var other = self
    other.train = Split(images: train.images, labels: labels)
    return other
  }

  private func firstOfClasses(_ counts: [Int]) -> ImageDataSet {
    var subset = self
    subset.train = train.first(counts, pixels: pixels)
    return subset
  }
}

extension ImageDataSet.Split {
  fileprivate func first(_ counts: [Int], pixels: Int) -> Self {
    var taken = [Int](repeating: 0, count: counts.count)
    var images: [UInt8] = []
    var labels: [Int] = []
    images.reserveCapacity(counts.reduce(0, +) * pixels)
    for (i, label) in self.labels.enumerated() where taken[label] < counts[label] {
      taken[label] += 1
      labels.append(label)
      images += self.images[i * pixels..<(i + 1) * pixels]
    }
    return Self(images: images, labels: labels)
  }
}
