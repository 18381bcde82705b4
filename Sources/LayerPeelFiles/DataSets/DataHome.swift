/// The user's folder for data sets and downloads.
public struct DataHome: Hashable, Sendable {
  /// The folder, which need not exist yet.
  public let path: String

  /// `LAYERPEEL_HOME`, or else `layerpeel` in the user's data directory (XDG).
  ///
  /// - Parameter environment: Variables, such as `ProcessInfo.processInfo.environment`.
  public init(environment: [String: String]) {
    func folder(_ variable: String, _ rest: String) -> String? {
      guard let value = environment[variable], !value.isEmpty else { return nil }
      return value + rest
    }
    path =
      folder("LAYERPEEL_HOME", "") ?? folder("XDG_DATA_HOME", "/layerpeel")
      ?? folder("HOME", "/.local/share/layerpeel") ?? "layerpeel-data"
  }

  /// Where a data set is looked for.
  public func folder(of name: DataSetName) -> String {
    "\(path)/data/\(name.rawValue)"
  }
}
