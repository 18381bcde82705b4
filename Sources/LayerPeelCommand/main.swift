import LayerPeel
import Glibc
nonisolated(unsafe) var opt: [String: String] = [:]
for a in CommandLine.arguments.dropFirst() { let s = a.split(separator: "=", maxSplits: 1).map(String.init); opt[s[0]] = s.count > 1 ? s[1] : "1" }
func o(_ k: String, _ v: Double) -> Double { opt[k].flatMap(Double.init) ?? v }
func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9 }
let model = try LayerPeeledModel(sizes: ClassSizes(classes: Int(o("K", 4)), perClass: Int(o("n", 5))), dimension: Int(o("d", 8)))
var g = SplitMix64(seed: UInt64(o("seed", 0)))
var start = opt["square"] != nil ? model.squarePoint : model.gaussianPoint(using: &g)
if o("noise", 0) > 0 { start = model.perturbed(start, by: o("noise", 0)) }
var s = Flow.Settings()
s.recordsPerDecade = Int(o("pts", 20)); s.relativeTolerance = o("rtol", 1e-9)
if opt["logl"] != nil { s.untilLogLoss = o("logl", 0) }
if opt["ratio"] != nil { s.untilMarginRatio = o("ratio", 0) }
if let l = opt["at"] { s.logLosses = l.split(separator: ",").map { Double($0)! } }
let t0 = now()
let run = try Flow(model, settings: s).run(from: start)
let t = run.trajectory
for r in t.records where opt["v"] != nil || opt["at"] != nil { print(r.coordinate.logTime, r.measurement[.logLoss].number!, r.measurement[.marginRatio].number!, r.measurement[.balanceDrift].number ?? -1, r.measurement[.stationarity].number ?? -1, r.measurement[.roundingNoise].number!) }
let m = t.last
for e in t.events { print(e.name, e.coordinate.logTime, e.logLoss) }
print("\(t.termination) logt=\(t.records.last!.coordinate.logTime) logL=\(m[.logLoss].number!) ratio=\(m[.marginRatio].number!) gap=\(m[.gap]) bal=\(m[.balanceDrift].number ?? -1) row=\(m[.rowSumDrift].number ?? -1) dualT=\(m[.trajectoryDual].number ?? -1) v=\(m[.dual].number!) steps=\(t.cost.steps) rhs=\(t.cost.gradientEvaluations) jv=\(t.cost.hessianProducts) rec=\(t.records.count) sec=\(now() - t0)")
