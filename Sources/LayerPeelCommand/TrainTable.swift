import LayerPeel
import LayerPeelNetworks

/// The table of a training, row by row as its probes come.
struct TrainTable {
  private struct Column {
    let heading: String
    let quantity: Quantity
    let width: Int
    var digits: Int32 = 3
    var isShare = false
  }

  private static let columns = [
    Column(heading: "loss", quantity: .trainLoss, width: 8),
    Column(heading: "err %", quantity: .trainError, width: 6, isShare: true),
    Column(heading: "test %", quantity: .testError, width: 6, isShare: true),
    Column(heading: "nc1", quantity: .nc1Trace, width: 8),
    Column(heading: "nc2", quantity: .nc2MeansAngle, width: 8),
    Column(heading: "nc3", quantity: .nc3DualityCentered, width: 7),
    Column(heading: "ratio", quantity: .balancedMarginRatio, width: 7),
    Column(heading: "aligned", quantity: .alignmentFeatures, width: 7, digits: 2),
  ]
  private static let epochWidth = 7

  /// The names of the columns; 80 columns at most, like every row.
  var heading: String {
    line("epoch", Self.columns.map { $0.heading })
  }

  /// A probe; those of the terminal phase have a star.
  func row(_ record: Trajectory<Epoch>.Record, zeroErrorEpoch: Int?) -> String {
    let epoch = record.coordinate.number
    let isTerminal = zeroErrorEpoch.map { epoch >= $0 } ?? false
    return line(
      "\(epoch)\(isTerminal ? " *" : "")",
      Self.columns.map { column in
        let number = record.measurement[column.quantity].number
        return number.map { significant(column.isShare ? 100 * $0 : $0, column.digits) } ?? "-"
      })
  }

  private func line(_ first: String, _ cells: [String]) -> String {
    let padded = zip(Self.columns, cells).map { column, cell in
      String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }
    let rest = String(repeating: " ", count: max(0, Self.epochWidth - first.count))
    return ([first + rest] + padded).joined(separator: "  ")
  }
}
