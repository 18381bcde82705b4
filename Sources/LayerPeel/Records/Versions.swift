internal import COpenBLAS
internal import CSundials

/// What this was built from, as outputs record it.
public enum Versions {
  /// Of this package.
  public static let layerPeel = "0.1.0"
  /// Of the integrator, from its headers.
  public static let sundials =
    "\(SUNDIALS_VERSION_MAJOR).\(SUNDIALS_VERSION_MINOR).\(SUNDIALS_VERSION_PATCH)"
  /// Of the BLAS in use, with the kernels it chose for this processor.
  public static var openBLAS: String {
    String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(separator: " ")
      + " " + String(cString: openblas_get_corename())
  }
}
