import LayerPeel
import LayerPeelNetworks
import Testing

struct PixelScalingTests {
  @Test func `scaled training images have mean zero and variance one`() throws {
    let images = Formula.raw(40, 5000).map { UInt8($0 % 256) }
    let labels = (0..<500).map { $0 % 2 }
    let samples = try PixelScaling(standardizing: images).samples(images, width: 10, labels: labels)
    let inputs = samples.inputs.map(Double.init)
    let mean = inputs.reduce(0, +) / 5000
    let variance = inputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5000
    // Each input is rounded to float32, by at most 6e-8 of a number below 2.
    #expect(abs(mean) <= 2 * 6e-8 && abs(variance - 1) <= 8 * 6e-8)
  }

  @Test func `other images are scaled by the training images' numbers`() throws {
    let scaling = PixelScaling(standardizing: [0, 255])
    #expect(scaling.mean == 0.5 && scaling.deviation == 0.5)
    let samples = try scaling.samples([255, 0, 0, 255], width: 2, labels: [0, 1])
    #expect(samples.inputs == [1, -1, -1, 1])
  }

  @Test func `images of one grey stay finite`() throws {
    let scaling = PixelScaling(standardizing: [0, 0])
    #expect(try scaling.samples([0, 51], width: 1, labels: [0, 1]).inputs == [0, 0.2])
  }
}
