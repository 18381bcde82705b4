/// What one sample is: an image of some channels, or a row of numbers.
public struct SampleShape: Hashable, Sendable {
  /// 1 for grey images, 3 for colour.
  public let channels: Int
  /// Rows of an image, 1 for a row of numbers.
  public let rows: Int
  /// Columns of an image, or the numbers of a row.
  public let columns: Int

  /// An image, channel by channel, each row after row.
  public init(channels: Int, rows: Int, columns: Int) {
    (self.channels, self.rows, self.columns) = (channels, rows, columns)
  }

  /// A row of `width` numbers.
  public init(width: Int) { self.init(channels: 1, rows: 1, columns: width) }

  /// Numbers in one sample.
  public var count: Int { channels * rows * columns }
}

extension SampleShape: CustomStringConvertible {
  /// `1×28×28`, or `784 numbers`.
  public var description: String {
    channels == 1 && rows == 1 ? "\(columns) numbers" : "\(channels)×\(rows)×\(columns)"
  }
}
