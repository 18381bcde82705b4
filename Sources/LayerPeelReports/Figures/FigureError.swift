/// Why a figure could not be drawn: one sentence, with the cure.
public enum FigureError: Error, Hashable {
  /// No program of that name.
  case gnuplotMissing
  /// It ran, and refused the script or its output.
  case gnuplotFailed(figure: String, message: String)
}

extension FigureError: CustomStringConvertible {
  /// One sentence that says what happened and what helps.
  public var description: String {
    switch self {
    case .gnuplotMissing:
      "figures: the program gnuplot was not found; install it with: apt install gnuplot-nox"
    case .gnuplotFailed(let figure, let message):
      "figure \(figure): gnuplot failed: \(message)"
    }
  }
}
