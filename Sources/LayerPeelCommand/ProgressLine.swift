import Glibc

/// Progress on standard error: a bar that redraws itself on a terminal, a line now and then
/// elsewhere, nothing at all where that was asked for.
struct ProgressLine {
  private let isQuiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private let began = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?
  private var isDrawn = false

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Shows how far the work is: the share that is done, if it is known, and a few words.
  ///
  /// What is shown `now` does not wait its turn on a terminal: nothing will follow for a while.
  mutating func show(
    _ fraction: Double?, _ words: @autoclosure () -> String, now isUrgent: Bool = false
  ) {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    let pause: Duration =
      isTerminal ? .milliseconds(100) : lastShown == nil ? .seconds(2) : .seconds(10)
    guard isUrgent && isTerminal || now - (lastShown ?? began) >= pause else { return }
    lastShown = now
    let text = (fraction.map(bar) ?? "") + words() + remaining(fraction, now - began)
    if isTerminal {
      sayUnfinished("\r\u{1B}[2K" + String(text.prefix(79)))
      isDrawn = true
    } else {
      sayUnfinished(text + "\n")
    }
  }

  /// Clears the bar, so that what follows starts on a clean line.
  mutating func clear() {
    if isDrawn { sayUnfinished("\r\u{1B}[2K") }
    isDrawn = false
  }

  private func bar(_ fraction: Double) -> String {
    let share = min(1, max(0, fraction))
    guard isTerminal else { return "\(Int(100 * share)) %  " }
    let filled = Int(20 * share)
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: 20 - filled) + "] "
  }

  private func remaining(_ fraction: Double?, _ elapsed: Duration) -> String {
    guard elapsed > .seconds(1), let fraction, (0.02..<1).contains(fraction) else { return "" }
    let seconds = elapsed / .seconds(1) * (1 - fraction) / fraction
    return "  \(durationText(seconds)) left"
  }
}

/// A duration as people say it.
func durationText(_ seconds: Double) -> String {
  switch seconds {
  case ..<1: "\(decimals(seconds, 3)) s"
  case ..<60: "\(decimals(seconds, 1)) s"
  case ..<3600: "\(Int(seconds / 60)) min \(Int(seconds) % 60) s"
  default: "\(Int(seconds / 3600)) h \(Int(seconds / 60) % 60) min"
  }
}
