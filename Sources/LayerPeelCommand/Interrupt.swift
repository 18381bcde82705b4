import Glibc
import Synchronization

/// Ctrl-C as a question that a run asks: the first one stops it in order, the second at once.
enum Interrupt {
  private static let requested = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Begins to listen; whoever calls this must ask ``isRequested`` now and then.
  static func listen() {
    let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
    // Whoever started the program may have left them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // Who ignores a signal, as nohup and shells in the background do, wants it ignored.
      guard unsafeBitCast(signal(number, SIG_IGN), to: Int.self) != ignored else { continue }
      sigaddset(&signals, number)
      signal(number) { number in
        Interrupt.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
