public import LayerPeelFiles
public import LayerPeelNetworks

/// A network's weights under PyTorch's names, in a safetensors file.
///
/// What PyTorch calls a state dict: parameters and running statistics in float32, and for every
/// batch normalisation the number of its batches, an integer, which PyTorch wants and nobody here
/// reads.
public enum WeightsFile {
  private static let counter = "num_batches_tracked"
  private static let statistic = "running_mean"
  private static let variance = "running_var"

  /// Writes parameters to `path`, as a whole or not at all.
  ///
  /// - Parameters:
  ///   - parameters: Everything that defines the network.
  ///   - steps: How many batches it was trained on.
  ///   - metadata: Free text about it.
  ///   - path: Where.
  public static func write(
    _ parameters: [ParameterValues], steps: Int, metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    try SafetensorsFile.write(
      parameters.map { NamedArray($0) } + counters(of: parameters, steps: steps),
      metadata: metadata, to: path)
  }

  private static func counters(of parameters: [ParameterValues], steps: Int) -> [NamedArray] {
    parameters.map(\.name).filter { $0.hasSuffix(".\(statistic)") }.map { name in
      NamedArray(name.dropLast(statistic.count) + counter, shape: [], [steps])
    }
  }

  /// Reads the weights of a network whose parameters have given names and shapes.
  ///
  /// Counters of batches are skipped. Double precision is rounded.
  ///
  /// - Throws: `FileError`: a name that is missing, unknown or of another shape, a value that is
  ///   not finite, a variance below 0.
  public static func read(
    _ shapes: [ParameterShape], from path: String
  ) throws(FileError) -> [ParameterValues] {
    let file = try SafetensorsFile(path: path)
    let known = Set(shapes.map(\.name))
    let unknown = file.entries.map(\.name).filter {
      !known.contains($0) && !$0.hasSuffix(counter)
    }
    var parameters: [ParameterValues] = []
    for shape in shapes {
      guard let entry = file.entry(named: shape.name) else {
        let hint = unknown.isEmpty ? "" : "; it has \(unknown.prefix(3).joined(separator: ", "))"
        throw refusal(
          path, "array \"\(shape.name)\" of \(extents(shape.shape))", "no array of that name\(hint)"
        )
      }
      parameters.append(try values(entry, as: shape, in: file))
    }
    if let name = unknown.first {
      throw refusal(path, "no arrays but the network's \(shapes.count)", "\"\(name)\" too")
    }
    return parameters
  }

  private static func values(
    _ entry: SafetensorsFile.Entry, as shape: ParameterShape, in file: SafetensorsFile
  ) throws(FileError) -> ParameterValues {
    guard entry.shape == shape.shape else {
      throw refusal(
        file.path, "\"\(shape.name)\" of shape \(extents(shape.shape))", extents(entry.shape))
    }
    let elements =
      entry.type == .float64 ? try file.doubles(entry).map { Float($0) } : try file.floats(entry)
    if let i = elements.firstIndex(where: { !$0.isFinite }) {
      throw refusal(file.path, "finite numbers in \"\(shape.name)\"", "\(elements[i]) at \(i)")
    }
    if shape.name.hasSuffix(".\(variance)"), let i = elements.firstIndex(where: { $0 < 0 }) {
      throw refusal(
        file.path, "variances of 0 or more in \"\(shape.name)\"", "\(elements[i]) at \(i)")
    }
    return ParameterValues(name: shape.name, shape: shape.shape, elements: elements)
  }

  private static func refusal(
    _ path: String, _ expected: String, _ found: String
  ) -> FileError {
    .malformed(
      path: path, place: "weights", expected: expected, found: found,
      cure: "save the state dict of the network that --model and its options describe")
  }

  private static func extents(_ shape: [Int]) -> String {
    shape.isEmpty ? "one number" : shape.map(String.init).joined(separator: "×")
  }
}
