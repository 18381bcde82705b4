import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

// What a reproduction says and keeps of each run as it ends.
extension ReproduceCommand {
  /// Tells the log what goes on, and keeps the data of each run in the report's folder.
  func observer(
    of log: ReproductionLog, keepingIn folder: ReportFolder
  ) -> Reproduction.Observer {
    Reproduction.Observer(
      progress: { log.show($0, $1) },
      isCancelled: { Interrupt.isRequested },
      warned: { say("Warning: \($0)") },
      flowEnded: { flow in
        let seconds = log.end(flow.name, flow.trajectory.termination)
        try folder.keep(document(flow, seconds: seconds), name: "flow \(flow.name)")
      },
      trainingEnded: { network, settings, run in
        let seconds = log.end(network.name, network.trajectory.termination)
        try folder.keep(
          document(network, [settings, run], seconds: seconds), name: "network \(network.name)")
      },
      forecastEnded: { forecast in
        log.end("forecast from epoch \(forecast.epoch)", forecast.trajectory.termination)
        try folder.keep(ForecastDocument(forecast), name: "forecast epoch \(forecast.epoch)")
      },
      endProved: { name, proof in
        log.end("proof of \(name)", "ε = \(proof.epsilon.roundedUp)")
        try folder.keep(ProofDocument(proof), name: "proof \(name)")
      },
      pointsJudged: { points in
        log.end("KKT points", "\(points.count) judged")
        try folder.keep(points, name: "kkt points")
      },
      landscapeEnded: { record, landscape, survey, routes in
        let seconds = log.end(
          record.name, "\(record.points.count) critical points, \(routes.count) followed")
        try keep(survey, routes, of: landscape, name: record.name, seconds: seconds, in: folder)
      })
  }

  private func document(_ flow: FlowRecord, seconds: Double) -> TrajectoryDocument {
    TrajectoryDocument(
      flow.trajectory, command: "flow", version: Versions.layerPeel, time: timestamp(),
      seconds: seconds, settings: flow.settingsDescriptions)
  }

  private func document(
    _ network: NetworkRecord, _ settings: [any Encodable], seconds: Double
  ) -> TrajectoryDocument {
    TrajectoryDocument(
      network.trajectory, command: "train", version: Versions.layerPeel, time: timestamp(),
      seconds: seconds, settings: settings)
  }

  /// Keeps a survey, where each of its saddles leads, and the trajectories that get there.
  private func keep(
    _ survey: Survey, _ routes: [Route], of landscape: Landscape, name: String, seconds: Double,
    in folder: ReportFolder
  ) throws {
    let time = timestamp()
    try folder.keep(
      LandscapeDocument(
        survey, version: Versions.layerPeel, time: time, seconds: seconds,
        settings: LandscapeDescription(landscape)),
      name: "landscape \(name)")
    try folder.keep(RoutesDocument(routes), name: "routes \(name)")
    for route in routes where Reproduction.isDrawn(route, of: landscape.model) {
      guard let trajectory = route.escape?.trajectory else { continue }
      let description = LandscapeDescription(
        landscape, follow: route.start.name, escape: trajectory.settings)
      try folder.keep(
        TrajectoryDocument(
          trajectory, command: "landscape", version: Versions.layerPeel, time: time,
          seconds: seconds, settings: [description]),
        name: "descent \(route.start.name) \(name)")
    }
  }
}
