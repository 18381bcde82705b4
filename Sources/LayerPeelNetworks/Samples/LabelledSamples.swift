public import LayerPeel

/// What a network is trained on or judged by: inputs and their classes.
///
/// Images stay bytes, a quarter of the memory of the numbers they become when a batch is filled.
public struct LabelledSamples: Sendable {
  /// What a network receives of each sample.
  public let shape: SampleShape
  /// `y_i`.
  public let labels: Labels
  private let source: Source

  private enum Source {
    case numbers([Float])
    case images(Images)
  }

  /// Samples of given numbers.
  ///
  /// - Parameters:
  ///   - inputs: `N × width`, row after row.
  ///   - width: Numbers in one sample.
  ///   - labels: `y_i`.
  /// - Throws: `ModelError.shapeMismatch` unless there are
  ///   `labels.count * width` inputs, `ModelError.notFinite`.
  public init(inputs: [Float], width: Int, labels: Labels) throws(ModelError) {
    try self.init(inputs: inputs, shape: SampleShape(width: width), labels: labels)
  }

  /// Samples of given numbers, of any shape.
  ///
  /// - Parameters:
  ///   - inputs: `N × channels × rows × columns`, sample after sample.
  ///   - shape: That of each sample.
  ///   - labels: `y_i`.
  /// - Throws: `ModelError.shapeMismatch` unless there are
  ///   `labels.count * shape.count` inputs, `ModelError.notFinite`.
  public init(inputs: [Float], shape: SampleShape, labels: Labels) throws(ModelError) {
    try Self.validate(inputs.count, shape, labels)
    if let bad = inputs.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(argument: "inputs", row: bad / shape.count, column: bad % shape.count)
    }
    self.shape = shape
    self.labels = labels
    source = .numbers(inputs)
  }

  /// Images as a network receives them: scaled, with `padding` black pixels on each side.
  ///
  /// - Parameters:
  ///   - images: Levels 0 to 255, `N × channels × rows × columns`.
  ///   - shape: That of each image, without padding.
  ///   - padding: Pixels added on each of the four sides.
  ///   - scaling: How levels become numbers.
  ///   - labels: `y_i`.
  /// - Throws: `ModelError.shapeMismatch` unless there are
  ///   `labels.count * shape.count` levels.
  public init(
    images: [UInt8], shape: SampleShape, padding: Int = 0, scaling: PixelScaling, labels: Labels
  ) throws(ModelError) {
    precondition(padding >= 0, "a padding of \(padding)")
    try Self.validate(images.count, shape, labels)
    self.shape = SampleShape(
      channels: shape.channels, rows: shape.rows + 2 * padding,
      columns: shape.columns + 2 * padding)
    self.labels = labels
    source = .images(Images(levels: images, shape: shape, padding: padding, scaling: scaling))
  }

  private static func validate(
    _ count: Int, _ shape: SampleShape, _ labels: Labels
  ) throws(ModelError) {
    let expected = labels.count.multipliedReportingOverflow(by: shape.count)
    guard shape.count >= 1, !expected.overflow, count == expected.partialValue else {
      throw .shapeMismatch(
        argument: "inputs", expected: "\(labels.count)×\(shape.count) numbers", actual: "\(count)")
    }
  }

  /// `N`.
  public var count: Int { labels.count }
  /// Numbers in one sample.
  public var width: Int { shape.count }

  /// Writes sample `row`, changed as drawn, to `target` from `offset` on.
  package func copy(
    _ row: Int, changedBy draw: Augmentation.Draw = .none,
    to target: inout MutableSpan<Float>, at offset: Int
  ) {
    switch source {
    case .numbers(let numbers):
      numbers.withUnsafeBufferPointer { numbers in
        target.withUnsafeMutableBufferPointer { target in
          let place = UnsafeMutableBufferPointer(rebasing: target[offset..<offset + width])
          let rows = row * width..<(row + 1) * width
          _ = place.initialize(fromContentsOf: UnsafeBufferPointer(rebasing: numbers[rows]))
        }
      }
    case .images(let images): images.copy(row, changedBy: draw, to: &target, at: offset)
    }
  }

  /// Sample `row` as a network receives it in evaluation.
  public func input(_ row: Int) -> [Float] {
    var numbers = [Float](repeating: 0, count: width)
    var span = numbers.mutableSpan
    copy(row, to: &span, at: 0)
    return numbers
  }
}

/// Images in bytes, and what they become.
private struct Images {
  let levels: [UInt8]
  let shape: SampleShape
  let padding: Int
  /// The number of each level in each channel, `channels × 256`.
  let numbers: [Float]

  init(levels: [UInt8], shape: SampleShape, padding: Int, scaling: PixelScaling) {
    (self.levels, self.shape, self.padding) = (levels, shape, padding)
    numbers = (0..<shape.channels).flatMap { channel in
      (0...255).map { scaling.number(UInt8($0), channel: channel) }
    }
  }

  /// Row by row: black where the shifted image does not reach, else the level's number.
  func copy(
    _ index: Int, changedBy draw: Augmentation.Draw, to target: inout MutableSpan<Float>,
    at offset: Int
  ) {
    let (rows, columns) = (shape.rows + 2 * padding, shape.columns + 2 * padding)
    let size = shape.channels * rows * columns
    target.withUnsafeMutableBufferPointer { target in
      let place = UnsafeMutableBufferPointer(rebasing: target[offset..<offset + size])
      levels.withUnsafeBufferPointer { levels in
        numbers.withUnsafeBufferPointer { numbers in
          for line in 0..<shape.channels * rows {
            let (channel, r) = line.quotientAndRemainder(dividingBy: rows)
            let row = r - padding - draw.rows
            let image = (index * shape.channels + channel) * shape.rows + row
            copyRow(
              (0..<shape.rows).contains(row) ? levels.baseAddress! + image * shape.columns : nil,
              table: numbers.baseAddress! + channel * 256, changedBy: draw,
              to: place.baseAddress! + line * columns)
          }
        }
      }
    }
  }

  /// Without bounds to check, so that this never takes more than a few percent of a step.
  private func copyRow(
    _ levels: UnsafePointer<UInt8>?, table: UnsafePointer<Float>,
    changedBy draw: Augmentation.Draw, to target: UnsafeMutablePointer<Float>
  ) {
    let columns = shape.columns + 2 * padding
    let margin = padding + draw.columns
    let start = draw.isMirrored ? columns - margin - shape.columns : margin
    let reached = (start..<start + shape.columns).clamped(to: 0..<columns)
    guard let levels, !reached.isEmpty else {
      for c in 0..<columns { target[c] = table[0] }
      return
    }
    for c in 0..<reached.lowerBound { target[c] = table[0] }
    for c in reached {
      let column = (draw.isMirrored ? columns - 1 - c : c) - margin
      target[c] = table[Int(levels[column])]
    }
    for c in reached.upperBound..<columns { target[c] = table[0] }
  }
}
