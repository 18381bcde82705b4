import Glibc

/// One direction of a panel: what it shows, how numbers become places, where its ticks are.
struct Axis: Hashable, Sendable {
  enum Scale: Hashable, Sendable {
    case linear
    /// Positive numbers only; others are gaps.
    case logarithmic
    /// `log(1 + x)`, with a place for zero: epochs.
    case shiftedLogarithmic
    /// `asinh x`: logarithmic in both directions, linear through zero.
    case symmetric
  }

  var label = ""
  var scale = Scale.linear
  /// The range to show; from the data where it is nil.
  var range: ClosedRange<Double>?
  /// Places and what is written there; chosen where it is nil.
  var ticks: [Tick]?

  struct Tick: Hashable, Sendable {
    let value: Double
    /// Markup of gnuplot's enhanced text.
    let label: String

    /// A number that stands for itself.
    init(_ value: Double) { self.init(value: value, label: FigureText.shortest(value)) }

    init(value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// The number that gnuplot gets for `value`; nil where it has no place.
  func place(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch scale {
    case .linear: return value
    case .logarithmic: return value > 0 ? value : nil
    case .shiftedLogarithmic: return value > -1 ? value + 1 : nil
    case .symmetric: return asinh(value)
    }
  }

  /// Whether gnuplot is to take the logarithm of places.
  var isLogarithmic: Bool { scale == .logarithmic || scale == .shiftedLogarithmic }

  /// How far along a range a place is: 0 at its lower end, 1 at its upper.
  func share(_ place: Double, of range: ClosedRange<Double>) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    return isLogarithmic
      ? log(place / low) / log(high / low) : (place - low) / (high - low)
  }

  /// A range of places with room for notes below, `share` of the whole.
  func widened(_ range: ClosedRange<Double>, by share: Double) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    let factor = share / (1 - share)
    return isLogarithmic
      ? low * exp(-factor * log(high / low))...high : low - factor * (high - low)...high
  }

  /// The range of places for these values, with a little room at both ends.
  func placeRange(_ values: [Double]) -> ClosedRange<Double> {
    if let range, let low = place(range.lowerBound), let high = place(range.upperBound) {
      return low...high
    }
    let places = values.compactMap(place)
    guard let least = places.min(), let largest = places.max() else {
      return isLogarithmic ? 1...10 : 0...1
    }
    if isLogarithmic {
      let room = max(0.03 * log(largest / least), 0.05)
      return least * exp(-room)...largest * exp(room)
    }
    let room = largest > least ? 0.04 * (largest - least) : max(abs(largest) * 0.1, 0.1)
    return least - room...largest + room
  }

  /// Ticks in a range of places, each at its place.
  func ticks(in range: ClosedRange<Double>) -> [Tick] {
    let candidates = ticks ?? chosenTicks(in: range)
    return candidates.compactMap { tick in
      guard let place = place(tick.value) else { return nil }
      let slack = isLogarithmic ? 0 : 1e-9 * (range.upperBound - range.lowerBound)
      guard place >= range.lowerBound - slack, place <= range.upperBound + slack else { return nil }
      return Tick(value: place, label: tick.label)
    }
  }

  private func chosenTicks(in range: ClosedRange<Double>) -> [Tick] {
    switch scale {
    case .linear: linearTicks(in: range)
    case .logarithmic: logarithmicTicks(in: range)
    case .shiftedLogarithmic: [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000].map(plainTick)
    case .symmetric: symmetricTicks(in: range)
    }
  }

  private func linearTicks(in range: ClosedRange<Double>) -> [Tick] {
    let span = range.upperBound - range.lowerBound
    let unit = tenTo(floor(log10(span / 5)))
    let step = [1, 2, 5, 10].map { $0 * unit }.first { span / $0 <= 6 } ?? span
    let (first, last) = (ceil(range.lowerBound / step), floor(range.upperBound / step))
    guard last - first < 20 else { return [] }
    let digits = max(0, -Int(floor(log10(step * 1.0001))))
    return stride(from: first, through: last, by: 1).map {
      Tick(value: $0 * step, label: FigureText.decimal($0 * step, digits: digits))
    }
  }

  /// Decades, thinned to about six, or where fewer than three are in the range, more and more
  /// multiples of each, and at last even steps.
  private func logarithmicTicks(in range: ClosedRange<Double>) -> [Tick] {
    let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
    let decades = Int(floor(low))...Int(ceil(high))
    let step = max(1, Int(((high - low) / 7).rounded(.up)))
    let isPlain = low > -3.3 && high < 4.3
    let powers = decades.filter { $0 % step == 0 }.map { decade in
      isPlain
        ? plainTick(tenTo(Double(decade)))
        : Tick(value: tenTo(Double(decade)), label: FigureText.power(decade))
    }
    let multiples: [[Double]] = [[1, 3], [1, 2, 5], [1, 2, 3, 5], [1, 1.5, 2, 3, 4, 5, 7]]
    let finer = multiples.lazy.map { factors in
      decades.flatMap { decade in factors.map { plainTick($0 * tenTo(Double(decade))) } }
    }
    let isEnough = { (ticks: [Tick]) in ticks.count { range.contains($0.value) } >= 3 }
    if isEnough(powers) { return powers }
    return finer.first(where: isEnough) ?? linearTicks(in: range)
  }

  private func symmetricTicks(in range: ClosedRange<Double>) -> [Tick] {
    let largest = sinh(max(abs(range.lowerBound), abs(range.upperBound)))
    let decades = 1...max(1, Int(log10(max(largest, 10))))
    let powers = decades.filter { decades.count <= 5 || $0 % 2 == 0 }.map { tenTo(Double($0)) }
    let positive = (largest < 30 ? [1, 3, 10] : powers).map {
      $0 < 1e4 ? plainTick($0) : Tick(value: $0, label: FigureText.power(Int(log10($0).rounded())))
    }
    // Too narrow for powers: even steps of the numbers themselves.
    let (low, high) = (sinh(range.lowerBound), sinh(range.upperBound))
    if high - low < 10 || low > 0 && high < 30 * low || high < 0 && low > 30 * high {
      return linearTicks(in: low...high)
    }
    let negative = positive.map { Tick(value: -$0.value, label: "\u{2212}" + $0.label) }
    return negative + [Tick(value: 0, label: "0")] + positive
  }

  private func plainTick(_ value: Double) -> Tick { Tick(value) }
}
