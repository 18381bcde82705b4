/// A mistake in what a model was given, found before any work is done.
public enum ModelError: Error, Hashable {
  /// Fewer than two classes.
  case tooFewClasses(Int)
  /// More classes than matrices of them can be decomposed for.
  case tooManyClasses(Int)
  /// A class without samples, or with a negative number of them.
  case emptyClass(Int, count: Int)
  /// More samples than an index can count.
  case tooManySamples
  /// A label below zero or beyond any possible class.
  case labelOutOfRange(index: Int, value: Int)
  /// A class below the largest label that no sample has.
  case skippedClass(Int, largest: Int)
  /// A feature dimension below one.
  case dimensionTooSmall(Int)
  /// More than two classes on a line, where the one in the middle cannot be separated.
  case inseparable(classes: Int)
  /// An array of another shape than its place needs.
  case shapeMismatch(argument: String, expected: String, actual: String)
  /// An entry that is NaN or infinite.
  case notFinite(argument: String, row: Int, column: Int)
  /// More memory than the machine has to give.
  case tooLarge(needed: Double, available: Double)
  /// A proof whose file would outgrow what is worth writing.
  case proofTooLarge(bytes: Double, limit: Double)
  /// A proof whose elimination would take longer than minutes.
  case proofTooLong(classes: Int, limit: Int)
  /// A setting outside its range.
  case badSetting(argument: String, value: String, expected: String)
  /// A target that the start is already past.
  case targetPassed(argument: String, value: Double, start: Double)
}

extension ModelError: CustomStringConvertible {
  /// One sentence: what, where, what was expected, what came, and the cure.
  public var description: String {
    switch self {
    case .tooFewClasses(let count):
      "classes: expected at least 2, got \(count)"
    case .tooManyClasses(let count):
      "classes: expected at most \(ClassSizes.mostClasses), got \(count)"
    case .emptyClass(let k, let count):
      "class sizes: class \(k) has \(count) samples; every class needs at least 1"
    case .tooManySamples:
      "class sizes: more than \(Int32.max) classes or samples; use fewer"
    case .labelOutOfRange(let index, let value):
      "labels: sample \(index) has label \(value); expected classes numbered from 0"
    case .skippedClass(let k, let largest):
      "labels: no sample has class \(k), yet a label is \(largest); number the classes 0, 1, … "
        + "without gaps"
    case .dimensionTooSmall(let dimension):
      "dim: expected at least 1, got \(dimension)"
    case .inseparable(let classes):
      "dim: 1 dimension cannot separate \(classes) classes, as those in the middle have margins of "
        + "both signs or of 0; use at least 2"
    case .shapeMismatch(let argument, let expected, let actual):
      "\(argument): expected \(expected), got \(actual)"
    case .notFinite(let argument, let row, let column):
      "\(argument): entry (\(row), \(column)) is not a finite number; a start needs finite entries"
    case .tooLarge(let needed, let available):
      "the problem needs about \(gibibytes(needed)) of memory and \(gibibytes(available)) are "
        + "available; use fewer samples or a smaller dimension"
    case .proofTooLarge(let bytes, let limit):
      "proof: its file would take about \(mebibytes(bytes)), and at most \(mebibytes(limit)) are "
        + "worth writing; use fewer samples or a smaller dimension"
    case .proofTooLong(let classes, let limit):
      "proof: exact elimination is worth its time up to \(limit) classes, got \(classes); use "
        + "fewer classes"
    case .badSetting(let argument, let value, let expected):
      "\(argument): expected \(expected), got \(value)"
    case .targetPassed(let argument, let value, let start):
      "\(argument): \(value) is already passed at the start, which has \(start); ask for a "
        + "later one"
    }
  }
}

private func gibibytes(_ bytes: Double) -> String {
  let value = bytes / 1_073_741_824
  guard value < 1e6 else { return "a million GiB" }
  return "\((value * 10).rounded() / 10) GiB"
}

private func mebibytes(_ bytes: Double) -> String {
  let value = (bytes / 1_048_576).rounded(.up)
  return value < 1e12 ? "\(Int(value)) MiB" : "a million million MiB"
}
