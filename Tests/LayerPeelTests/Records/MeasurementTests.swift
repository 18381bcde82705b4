import LayerPeel
import TestSupport
import Testing

struct MeasurementTests {
  @Test func `a reading is a finite number or its reason`() {
    #expect(Reading(2.5, otherwise: "no") == .value(2.5))
    for number in [Double.nan, .infinity, -.infinity] {
      #expect(Reading(number, otherwise: "no") == .absent(because: "no"))
    }
    #expect(Reading.value(1).number == 1 && Reading.value(1).reason == nil)
    #expect(Reading.absent(because: "no").number == nil)
    #expect(Reading.absent(because: "no").reason == "no")
    #expect(Reading.list([1, 2]).number == nil && Reading.list([1, 2]).reason == nil)
  }

  @Test func `a reason is not made where it is not needed`() {
    var made = 0
    func reason() -> String {
      made += 1
      return "no"
    }
    _ = Reading(1, otherwise: reason())
    #expect(made == 0)
    _ = Reading(.nan, otherwise: reason())
    #expect(made == 1)
  }

  @Test func `what was not measured is absent`() {
    var m = Measurement()
    #expect(Quantity.allCases.allSatisfy { m[$0] == .absent(because: "not measured here") })
    m[.gamma] = .value(0.5)
    #expect(m[.gamma] == .value(0.5))
    #expect(m[.marginRatio].number == nil)
  }

  @Test func `the later of two readings wins a merge`() {
    var (a, b) = (Measurement(), Measurement())
    a[.gamma] = .value(1)
    a[.primal] = .value(2)
    b[.gamma] = .value(3)
    b[.dual] = .absent(because: "no")
    a.merge(b)
    #expect(a[.gamma] == .value(3))
    #expect(a[.primal] == .value(2))
    #expect(a[.dual] == .absent(because: "no"))
  }

  @Test func `every point measures every quantity of a point`() throws {
    for example in ModelCase.ordinary {
      let point = try example.point()
      var measurer = PointMeasurer(try example.model(), start: point)
      let m = measurer.measure(point)
      for quantity in Quantity.ofPoint {
        #expect(m[quantity] != .absent(because: "not measured here"), "\(quantity.rawValue)")
      }
    }
  }
}

struct QuantityTests {
  @Test func `keys are unique, snake_case and at most nested once`() {
    let keys = Quantity.allCases.map(\.rawValue)
    #expect(Set(keys).count == keys.count)
    for key in keys {
      let parts = key.split(separator: ".", omittingEmptySubsequences: false)
      #expect((1...2).contains(parts.count), "\(key)")
      for part in parts {
        #expect(part.first.map { ("a"..."z").contains($0) } ?? false, "\(key)")
        #expect(part.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" })
        #expect(!part.hasSuffix("_") && !part.contains("__"), "\(key)")
      }
    }
  }

  @Test func `the keys of the metrics are those of the definitions`() {
    let names = [
      "nc0", "nc1_trace", "nc1_ratio", "nc1_within", "cdnv", "nc2_means_norm", "nc2_weights_norm",
      "nc2_means_angle", "nc2_weights_angle", "nc2_means_etf", "nc2_weights_etf", "nc3_duality",
      "nc3_product", "nc4_mismatch", "nc2_weights_norm_centered", "nc2_weights_angle_centered",
      "nc2_weights_etf_centered", "nc3_duality_centered", "nc3_product_centered",
    ]
    #expect(Set(Quantity.metrics.map(\.rawValue)) == Set(names.map { "metrics.\($0)" }))
  }

  @Test func `a flow measures what a point has, and its own rounding`() {
    #expect(FlowTime.quantities == Quantity.ofPoint + [.roundingNoise])
    #expect(Set(FlowTime.quantities).count == FlowTime.quantities.count)
    #expect(FlowTime.key == "log_time")
  }
}

struct VersionTests {
  @Test func `versions of what was built from are told`() {
    #expect(Versions.layerPeel.split(separator: ".").count == 3)
    #expect(Versions.sundials.split(separator: ".").allSatisfy { Int($0) != nil })
    #expect(Versions.openBLAS.hasPrefix("OpenBLAS"))
  }
}
