import FoundationEssentials
import LayerPeel
import LayerPeelNetworks
import Testing

struct SnapshotTests {
  static func probes() throws -> [Snapshot] {
    let samples = try Formula.samples(count: 430, width: 20)
    let network = try ProberTests.network(steps: 0, on: samples)
    let prober = try Prober(network, samples: samples)
    return try (0..<6).map { epoch in
      if epoch > 0 { try ProberTests.train(network, 4, on: samples) }
      return try #require(try prober.probe(network, epoch: epoch).snapshot)
    }
  }

  @Test func `directions are orthonormal, and what is seen in them is what they show`() throws {
    let samples = try Formula.samples(count: 430, width: 20)
    let network = try ProberTests.network(on: samples)
    let prober = try Prober(network, samples: samples)
    let snapshot = try #require(try prober.probe(network, epoch: 3).snapshot)
    let point = try #require(prober.point())
    let statistics = ClassStatistics(features: point.features, labels: samples.labels)
    let gram = snapshot.directions * snapshot.directions.transposed
    let identity = Matrix(rows: 3, columns: 3) { $0 == $1 ? 1 : 0 }
    #expect((gram - identity).norm <= 24 * .ulpOfOne)
    let means = statistics.centredMeans * snapshot.directions.transposed
    #expect((snapshot.means - means).norm <= 24 * .ulpOfOne * means.norm)
    // The best three directions: the squares of the three largest singular values.
    let values = ThinSVD(statistics.centredMeans).values.map { $0 * $0 }
    let share = values[..<3].reduce(0, +) / values.reduce(0, +)
    #expect(abs(snapshot.share - share) <= 1e-12 && snapshot.epoch == 3)
    #expect(snapshot.labels.count == 200 && snapshot.features.rows == 200)
    #expect((0..<10).allSatisfy { k in snapshot.labels.count { $0 == k } == 20 })
    #expect(snapshot.classifier.rows == 10 && snapshot.classifier.columns == 3)
  }

  @Test func `no turn of a snapshot would bring it closer to the one before`() throws {
    let snapshots = try Self.probes()
    for (before, after) in zip(snapshots, snapshots.dropFirst()) {
      #expect(before.labels == after.labels)
      let distance = (after.directions - before.directions).norm
      for axis in 0..<3 {
        for (sine, cosine) in [(0.0, -1.0), (0.3, 0.91.squareRoot()), (-0.3, 0.91.squareRoot())] {
          // A reflection of one axis, or a small turn in the plane of two.
          let turn = Matrix(rows: 3, columns: 3) { i, j in
            let (a, b) = (axis, (axis + 1) % 3)
            if sine == 0 { return i == j ? (i == axis ? cosine : 1) : 0 }
            if i == j { return i == a || i == b ? cosine : 1 }
            return i == a && j == b ? sine : i == b && j == a ? -sine : 0
          }
          let turned = turn * after.directions
          #expect((turned - before.directions).norm >= distance - 1e-12)
        }
      }
    }
  }

  @Test func `two classes have one direction, and the others are zero`() throws {
    let learner = try StoredLayer(
      features: [1, 0, 0, 2, 0, 0, -1, 0, 1], weight: [1, 0, 0, -1, 0, 0], classes: 2)
    let samples = try StoredLayer.samples([0, 0, 1])
    let snapshot = try #require(
      try Prober(learner, samples: samples).probe(learner, epoch: 0).snapshot)
    #expect(snapshot.directions.row(1).allSatisfy { $0 == 0 })
    #expect(snapshot.directions.row(2).allSatisfy { $0 == 0 })
    #expect(abs(snapshot.share - 1) <= 4 * .ulpOfOne)
  }

  @Test func `a snapshot survives JSON, and a damaged one is refused`() throws {
    let snapshot = try #require(try Self.probes().last)
    let data = try JSONEncoder().encode(snapshot)
    #expect(try JSONDecoder().decode(Snapshot.self, from: data) == snapshot)
    let text = String(decoding: data, as: UTF8.self)
    for damage in [("\"labels\":[", "\"labels\":[77,"), ("\"means\":[[", "\"means\":[[0.5,")] {
      let damaged = text.replacing(damage.0, with: damage.1)
      #expect(damaged != text)
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Snapshot.self, from: Data(damaged.utf8))
      }
    }
  }
}
