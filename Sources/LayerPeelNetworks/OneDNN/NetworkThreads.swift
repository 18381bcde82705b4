internal import Glibc

/// How many threads networks compute with: part of what their results depend on, so outputs record
/// it.
///
/// oneDNN computes on OpenMP's threads; a build of it on another runtime keeps its own number, and
/// counts as one here.
public enum NetworkThreads {
  /// What OpenMP takes: the processors this process may use, unless `OMP_NUM_THREADS` says
  /// otherwise.
  public static var available: Int {
    guard let symbol = dlsym(nil, "omp_get_max_threads") else { return 1 }
    return Int(unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)())
  }

  /// Processors that are online.
  private static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The largest number that may be asked for: four for each processor.
  public static var most: Int { 4 * processors }

  /// Sets the number for all that networks do from now on on the calling thread, and those it makes.
  public static func use(_ count: Int) {
    guard let symbol = dlsym(nil, "omp_set_num_threads") else { return }
    unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(Int32(clamping: count))
  }
}
