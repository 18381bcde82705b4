import Foundation

/// A program that the package builds, run as users run it.
public struct Program: Sendable {
  private let path: String

  /// The program of that name, beside the tests.
  public init(_ name: String) { path = Program.path(of: name) }

  /// Where the program of that name is, beside the tests.
  public static func path(of name: String) -> String {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent(name).path
  }

  /// A program that stands anywhere, by its path.
  public init(path: String) { self.path = path }

  /// What a run gave back.
  public struct Result: Sendable {
    /// The exit status.
    public let status: Int32
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
  }

  /// Runs the program to its end; `signal` is sent once standard error has said something.
  public func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    signal: Int32? = nil
  ) throws -> Result {
    let files = FileManager.default
    let scratch = files.temporaryDirectory.appendingPathComponent("layerpeel-\(UUID().uuidString)")
    try files.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: scratch) }
    let (output, errors) = (
      scratch.appendingPathComponent("output"), scratch.appendingPathComponent("errors")
    )
    for file in [output, errors] { try Data().write(to: file) }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder ?? scratch.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    if let signal {
      while process.isRunning, try Data(contentsOf: errors).isEmpty { usleep(10_000) }
      kill(process.processIdentifier, signal)
    }
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

/// A folder that goes away with its owner.
public final class ScratchFolder: Sendable {
  /// Where it is.
  public let path: String

  /// A new, empty folder.
  public init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("layerpeel-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of what is in it, sorted.
  public func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
  }
}
