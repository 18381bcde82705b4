/// A number, a short list of them, or the reason why there is none.
public enum Reading: Hashable, Sendable {
  /// A finite number.
  case value(Double)
  /// Finite numbers, such as one a class.
  case list([Double])
  /// Nothing, and why.
  case absent(because: String)

  /// The number if it is finite, else the reason.
  public init(_ number: Double, otherwise reason: @autoclosure () -> String) {
    self = number.isFinite ? .value(number) : .absent(because: reason())
  }

  /// The single number, if there is one.
  public var number: Double? {
    if case .value(let number) = self { number } else { nil }
  }

  /// Why there is none, if so.
  public var reason: String? {
    if case .absent(let reason) = self { reason } else { nil }
  }
}
