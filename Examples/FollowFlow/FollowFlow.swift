import LayerPeel

@main
enum FollowFlow {
  static func main() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 5), dimension: 8)
    var generator = SplitMix64(seed: 7)
    let start = model.gaussianPoint(using: &generator)
    let trajectory = try Flow(model).trajectory(from: start)
    for record in trajectory.records {
      print(record.coordinate.logTime, record.measurement[.marginRatio].number ?? .nan)
    }
  }
}
