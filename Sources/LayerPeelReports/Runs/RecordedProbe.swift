internal import FoundationEssentials
internal import LayerPeel
internal import LayerPeelNetworks

/// A record of a training and its snapshot as one line of JSON, every double exact.
struct RecordedProbe: Codable {
  let epoch: Int
  let numbers: [String: Double]
  let lists: [String: [Double]]
  let absent: [String: String]
  let snapshot: RecordedSnapshot?

  init(_ record: Trajectory<Epoch>.Record, snapshot: Snapshot?) {
    epoch = record.coordinate.number
    var (numbers, lists, absent) = ([String: Double](), [String: [Double]](), [String: String]())
    for quantity in Epoch.quantities {
      switch record.measurement[quantity] {
      case .value(let number): numbers[quantity.rawValue] = number
      case .list(let list): lists[quantity.rawValue] = list
      case .absent(let reason): absent[quantity.rawValue] = reason
      }
    }
    (self.numbers, self.lists, self.absent) = (numbers, lists, absent)
    self.snapshot = snapshot.map(RecordedSnapshot.init)
  }

  /// The record again; quantities of which nothing is known stay absent.
  var record: Trajectory<Epoch>.Record {
    var m = Measurement()
    for quantity in Epoch.quantities {
      let key = quantity.rawValue
      if let number = numbers[key] {
        m[quantity] = .value(number)
      } else if let list = lists[key] {
        m[quantity] = .list(list)
      } else if let reason = absent[key] {
        m[quantity] = .absent(because: reason)
      }
    }
    return .init(Epoch(epoch), m)
  }
}

/// A snapshot as JSON.
struct RecordedSnapshot: Codable {
  let directions: [Double]
  let means: [Double]
  let classifier: [Double]
  let features: [Double]
  let labels: [Int]
  let share: Double

  init(_ snapshot: Snapshot) {
    directions = snapshot.directions.elements
    means = snapshot.means.elements
    classifier = snapshot.classifier.elements
    features = snapshot.features.elements
    (labels, share) = (snapshot.labels, snapshot.share)
  }

  /// The snapshot again; nil if the parts do not fit together.
  func snapshot(epoch: Int) -> Snapshot? {
    func rows(_ elements: [Double]) -> Matrix? {
      guard elements.count % 3 == 0 else { return nil }
      return Matrix(rows: elements.count / 3, columns: 3, elements: elements)
    }
    guard directions.count % 3 == 0, let means = rows(means), let classifier = rows(classifier),
      let features = rows(features), means.rows == classifier.rows,
      features.rows == labels.count
    else { return nil }
    return Snapshot(
      epoch: epoch,
      directions: Matrix(rows: 3, columns: directions.count / 3, elements: directions),
      means: means, classifier: classifier, features: features, labels: labels, share: share)
  }
}
