import Foundation
public import LayerPeelFiles

/// The program gnuplot, which draws figures; the only place that knows of it.
public struct Gnuplot: Sendable {
  /// What a figure can be drawn as, by the ending of its file's name.
  public enum Format: String, CaseIterable, Sendable {
    /// For a paper.
    case pdf
    /// For a page.
    case svg
    /// For everything else: two pixels for each of the figure's.
    case png
  }

  /// The endings that ``write(_:to:)`` takes.
  public static let formats = Format.allCases.map(\.rawValue)

  private let program: URL

  /// The first gnuplot on the search path.
  public init() throws(FigureError) {
    try self.init(
      searching: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
  }

  /// The first gnuplot in these folders, separated by colons.
  package init(searching path: String) throws(FigureError) {
    let candidates = path.split(separator: ":").map { "\($0)/gnuplot" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw .gnuplotMissing
    }
    program = URL(fileURLWithPath: found)
  }

  /// A figure as SVG for a page: both arrangements, of which the page's style sheet shows one.
  public func inlineSVG(_ figure: Figure) throws(FigureError) -> String {
    let wide = try draw(figure, figure.wide, as: .svg)
    let narrow = try draw(figure, figure.narrow, as: .svg)
    return InlineSVG(wide.text, id: "\(figure.name)-wide", label: figure.title).markup(for: "wide")
      + InlineSVG(narrow.text, id: "\(figure.name)-narrow", label: figure.title)
      .markup(for: "narrow")
  }

  /// The bytes of a file that holds the wide arrangement.
  public func bytes(of figure: Figure, as format: Format) throws(FigureError) -> [UInt8] {
    try draw(figure, figure.wide, as: format).bytes
  }

  /// Writes the wide arrangement to a file whose name says the format, one of ``formats``.
  ///
  /// - Throws: ``FigureError``, or `FileError` where the file cannot be written.
  public func write(_ figure: Figure, to file: OutputFile) throws {
    guard let format = Format(rawValue: file.format) else {
      throw FileError.unknownFormat(path: file.path, expected: Gnuplot.formats)
    }
    try OutputFile.write(bytes(of: figure, as: format), to: file.path)
  }

  /// What gnuplot made of a script.
  package struct Output: Sendable {
    /// The picture.
    package let bytes: [UInt8]
    /// What it said on standard error; empty when all is well.
    package let messages: String
    /// The picture of a format that is text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// Draws one arrangement of a figure.
  package func draw(
    _ figure: Figure, _ drawing: Figure.Drawing, as format: Format
  ) throws(FigureError) -> Output {
    let result: (status: Int32, output: Output)
    do {
      result = try run("set terminal \(terminal(format, drawing))\n" + drawing.script)
    } catch {
      throw .gnuplotFailed(figure: figure.name, message: error.localizedDescription)
    }
    guard result.status == 0, !result.output.bytes.isEmpty else {
      let lines = result.output.messages.split(whereSeparator: \.isNewline)
      let message = lines.last { $0.contains("line ") } ?? lines.last ?? "no picture, no message"
      throw .gnuplotFailed(
        figure: figure.name, message: message.trimmingCharacters(in: .whitespaces))
    }
    return result.output
  }

  private func terminal(_ format: Format, _ drawing: Figure.Drawing) -> String {
    let (width, height) = (drawing.width, drawing.height)
    let size = FigureStyle.textSize
    return switch format {
    case .svg:
      "svg enhanced size \(width),\(height) dynamic font '\(FigureStyle.webFont),\(size)'"
    case .pdf:
      "pdfcairo enhanced color size \(Double(width) / 100)in,\(Double(height) / 100)in "
        + "font '\(FigureStyle.paperFont),\(size)' fontscale 0.53 linewidth 1.4 dashlength 1"
    case .png:
      "pngcairo enhanced color background '#ffffff' size \(2 * width),\(2 * height) "
        + "font '\(FigureStyle.paperFont),\(size)' fontscale 1.5 linewidth 2 pointscale 2"
    }
  }

  /// Runs a script; input and output pass through files, so that neither side waits for the other.
  private func run(_ script: String) throws -> (status: Int32, output: Output) {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appendingPathComponent("layerpeel-\(UUID().uuidString)")
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: folder) }
    let (picture, messages) = (
      folder.appendingPathComponent("picture"), folder.appendingPathComponent("messages")
    )
    let source = folder.appendingPathComponent("script")
    try Data(script.utf8).write(to: source)
    for file in [picture, messages] { try Data().write(to: file) }

    let process = Process()
    process.executableURL = program
    process.arguments = ["-d", source.path]
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: picture)
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus,
      Output(
        bytes: [UInt8](try Data(contentsOf: picture)),
        messages: String(decoding: try Data(contentsOf: messages), as: UTF8.self))
    )
  }
}
