extension Point {
  /// The rows of `W` in their own leading principal directions, for a picture: `K × directions`.
  ///
  /// Coordinates are those of `W = U S Vᵀ` along the rows of `Vᵀ`, the largest singular value first;
  /// signs are arbitrary, and coordinates beyond the rank are zero. *Cost:* a thin singular value
  /// decomposition of `K × d`.
  public func classVectors(directions: Int) -> Matrix {
    let svd = ThinSVD(classifier)
    return Matrix(rows: classifier.rows, columns: directions) { k, j in
      j < svd.values.count ? svd.left[k, j] * svd.values[j] : 0
    }
  }
}
