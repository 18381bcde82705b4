import LayerPeelFiles
import LayerPeelNetworks

extension SafetensorsFile {
  /// Parameters or velocities of a network, stored under names that begin with `prefix`.
  ///
  /// - Parameters:
  ///   - prefix: What stands before each name.
  ///   - shapes: Those of the network.
  ///   - isComplete: Whether each must be there.
  /// - Throws: `FileError` for one that is missing or of another shape.
  func parameters(
    _ prefix: String, _ shapes: [ParameterShape], isComplete: Bool
  ) throws(FileError) -> [ParameterValues] {
    var all: [ParameterValues] = []
    for shape in shapes {
      guard let entry = entry(named: prefix + shape.name) else {
        guard isComplete else { continue }
        throw RunFolder.refusal(
          path, "the network of this run, with \"\(shape.name)\"", "another network")
      }
      guard entry.shape == shape.shape else {
        throw RunFolder.refusal(path, "\"\(shape.name)\" of shape \(shape.shape)", "\(entry.shape)")
      }
      all.append(
        ParameterValues(name: shape.name, shape: shape.shape, elements: try floats(entry)))
    }
    return all
  }
}

extension NamedArray {
  /// Parameters under a name that begins with `prefix`.
  init(_ values: ParameterValues, prefix: String = "") {
    self.init(prefix + values.name, shape: values.shape, values.elements)
  }
}
