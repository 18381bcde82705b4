import ArgumentParser
import LayerPeelNetworks

/// How many threads networks compute with.
struct ThreadOption: ParsableArguments {
  @Option(
    help: """
      Threads for networks (default: all processors). Where other programs keep these busy, one \
      thread is faster than several that wait for each other.
      """)
  var threads: Int?

  func validate() throws {
    let most = NetworkThreads.most
    if let threads, !(1...most).contains(threads) {
      throw ValidationError(
        "--threads is \(threads); expected 1 to \(most), four for each processor here")
    }
  }

  /// Takes the number into use, or where none was given the number that a run had; returns what
  /// the library really took.
  func use(as recorded: Int? = nil) -> Int {
    if let threads = threads ?? recorded { NetworkThreads.use(threads) }
    return NetworkThreads.available
  }
}
