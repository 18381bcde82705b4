import ArgumentParser
import Glibc
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// The documented exit statuses.
enum ExitStatus {
  static let claimNotHeld: Int32 = 1
  static let targetMissed: Int32 = 3
  static let unusableArguments: Int32 = 64
  static let missingProgram: Int32 = 66
  static let ourBug: Int32 = 70
  static let interrupted: Int32 = 130
}

/// Writes a line to standard error, where talk goes.
func say(_ text: String) { sayUnfinished(text + "\n") }

/// Writes to standard error as it is, at once.
func sayUnfinished(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Writes to standard output, where data goes.
func emit(_ text: String) throws(FileError) {
  let bytes = Array(text.utf8)
  var first = 0
  while first < bytes.count {
    let count = bytes[first...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else {
      throw .notWritable(
        path: "standard output", reason: "the system says: \(String(cString: strerror(errno)))",
        cure: "make room, or write to another place")
    }
    first += count
  }
}

/// Runs the work of a command; an error becomes one sentence and its status.
func reportingErrors(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let error as ModelError {
    say("Error: \(error)")
    throw ExitCode(ExitStatus.unusableArguments)
  } catch let error as FileError {
    say("Error: \(error)")
    throw ExitCode(error.exitStatus)
  } catch let error as FigureError {
    say("Error: \(error)")
    throw ExitCode(error == .gnuplotMissing ? ExitStatus.missingProgram : ExitStatus.ourBug)
  } catch {
    say("Error: \(error); this is a bug of layerpeel")
    throw ExitCode(ExitStatus.ourBug)
  }
}

/// Refuses work that needs more memory than the machine has to give.
func requireMemory(_ needed: Double) throws(ModelError) {
  let available = Double(availableMemory())
  guard needed <= available else { throw .tooLarge(needed: needed, available: available) }
}

/// The status of a run that ended like this.
func statusCode(of termination: Termination, hadTarget: Bool) -> ExitCode? {
  if termination.reachedTarget { return nil }
  return switch termination {
  case .noiseFloor, .stationary: hadTarget ? ExitCode(ExitStatus.targetMissed) : nil
  case .interrupted: ExitCode(ExitStatus.interrupted)
  default: ExitCode(ExitStatus.targetMissed)
  }
}
