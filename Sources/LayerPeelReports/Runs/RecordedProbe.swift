internal import FoundationEssentials
internal import LayerPeel
internal import LayerPeelNetworks

/// A record of a training and its snapshot as one line of JSON, every double exact.
struct RecordedProbe: Codable {
  let epoch: Int
  let numbers: [String: Double]
  let lists: [String: [Double]]
  let absent: [String: String]
  let snapshot: Snapshot?

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
    self.snapshot = snapshot
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
