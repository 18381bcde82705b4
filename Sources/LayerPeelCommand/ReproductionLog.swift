import LayerPeel

/// Tells on standard error what a reproduction is doing: a line for what is done, a bar for what
/// is not.
final class ReproductionLog {
  private let isQuiet: Bool
  private var line: ProgressLine
  private let began = ContinuousClock.now
  private var stageBegan = ContinuousClock.now

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    line = ProgressLine(isQuiet: isQuiet)
  }

  func show(_ name: String, _ fraction: Double?) { line.show(fraction, name) }
  func clear() { line.clear() }

  /// Notes the end of a stage; returns its seconds.
  @discardableResult
  func end(_ name: String, _ termination: Termination) -> Double {
    end(name, termination.rawValue)
  }

  /// Notes the end of a stage and what came of it; returns its seconds.
  @discardableResult
  func end(_ name: String, _ result: String) -> Double {
    let now = ContinuousClock.now
    let seconds = (now - stageBegan) / .seconds(1)
    stageBegan = now
    line.clear()
    line = ProgressLine(isQuiet: isQuiet)
    if !isQuiet { say("\(name): \(result), \(durationText(seconds))") }
    return seconds
  }

  var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }
}
