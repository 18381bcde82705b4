public import LayerPeel

/// What is wrong with a file or a data set: one sentence that says where, and what helps.
public enum FileError: Error, Hashable {
  /// Nothing stands at this path.
  case notThere(path: String, cure: String)
  /// Something stands there, but it cannot be read as a file.
  case unreadable(path: String, reason: String)
  /// The content is damaged, or is not what its place needs.
  case malformed(path: String, place: String, expected: String, found: String, cure: String)
  /// Labels that do not number their classes 0, 1, … without gaps.
  case badLabels(path: String, ModelError)
  /// More memory than the machine has to give.
  case tooLarge(path: String, needed: Int, available: Int)

  /// Neither a data set nor a misspelt one.
  case unknownDataSet(name: String, nearest: String, known: [String])
  /// A data set of which no file was found.
  case dataSetNotThere(name: String, searched: [String], cure: String)
  /// A subset that the data set cannot fill.
  case tooFewImages(dataSet: String, label: Int, available: Int, perClass: Int)

  /// A name whose ending does not say what to write.
  case unknownFormat(path: String, expected: [String])
  /// A place where nothing can be written.
  case notWritable(path: String, reason: String, cure: String)
}

extension FileError {
  /// The status to exit with: 64 unusable arguments, 65 unreadable or inconsistent data, 66 not
  /// there, 73 cannot be written.
  public var exitStatus: Int32 {
    switch self {
    case .tooLarge, .unknownDataSet, .tooFewImages, .unknownFormat: 64
    case .unreadable, .malformed, .badLabels: 65
    case .notThere, .dataSetNotThere: 66
    case .notWritable: 73
    }
  }
}

extension FileError: CustomStringConvertible {
  /// One sentence: path, where in the file, what was expected, what came, and the cure.
  public var description: String {
    switch self {
    case .notThere(let path, let cure):
      "\(path): no such file; \(cure)"
    case .unreadable(let path, let reason):
      "\(path): expected a file that can be read, but \(reason)"
    case .malformed(let path, let place, let expected, let found, let cure):
      "\(path): \(place): expected \(expected), got \(found); \(cure)"
    case .badLabels(let path, let error):
      "\(path): \(error)"
    case .tooLarge(let path, let needed, let available):
      "\(path): reading it takes \(mebibytes(needed)) of memory and \(mebibytes(available)) are "
        + "available; use fewer samples"
    case .unknownDataSet(let name, let nearest, let known):
      "data set \(name): unknown; did you mean \(nearest)? Known are "
        + known.joined(separator: ", ")
    case .dataSetNotThere(let name, let searched, let cure):
      "data set \(name): not found in \(searched.joined(separator: " or ")); \(cure)"
    case .tooFewImages(let dataSet, let label, let available, let perClass):
      "data set \(dataSet): class \(label) has \(available) training images and \(perClass) were "
        + "asked of each class; ask for 1 to \(available)"
    case .unknownFormat(let path, let expected):
      "\(path): expected a name that ends in \(expected.map { ".\($0)" }.joined(separator: " or "))"
    case .notWritable(let path, let reason, let cure):
      "\(path): cannot be written: \(reason); \(cure)"
    }
  }
}

private func mebibytes(_ bytes: Int) -> String {
  "\((bytes >> 20) + (bytes & 0xF_FFFF == 0 ? 0 : 1)) MiB"
}
