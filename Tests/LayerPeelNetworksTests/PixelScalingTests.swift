import LayerPeel
import LayerPeelNetworks
import Testing

struct PixelScalingTests {
  @Test func `scaled training images have mean zero and variance one`() throws {
    let images = Formula.raw(40, 5000).map { UInt8($0 % 256) }
    let labels = (0..<500).map { $0 % 2 }
    let samples = try PixelScaling(standardizing: images).samples(
      images, shape: SampleShape(width: 10), labels: labels)
    let inputs = (0..<500).flatMap { samples.input($0).map(Double.init) }
    let mean = inputs.reduce(0, +) / 5000
    let variance = inputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5000
    // Each input is rounded to float32, by at most 6e-8 of a number below 2.
    #expect(abs(mean) <= 2 * 6e-8 && abs(variance - 1) <= 8 * 6e-8)
  }

  @Test func `other images are scaled by the training images' numbers`() throws {
    let scaling = PixelScaling(standardizing: [0, 255])
    #expect(scaling.means == [0.5] && scaling.deviations == [0.5])
    let samples = try scaling.samples(
      [255, 0, 0, 255], shape: SampleShape(width: 2), labels: [0, 1])
    #expect(samples.input(0) == [1, -1] && samples.input(1) == [-1, 1])
  }

  @Test func `images of one grey stay finite`() throws {
    let scaling = PixelScaling(standardizing: [0, 0])
    let samples = try scaling.samples([0, 51], shape: SampleShape(width: 1), labels: [0, 1])
    #expect(samples.input(0) == [0] && samples.input(1) == [0.2])
  }

  @Test(arguments: 0...255 as ClosedRange<UInt8>)
  func `a channel of one grey has deviation 1, whatever the grey`(_ grey: UInt8) {
    // The difference of rounded means is 1e-17 for some of them, 77 among these.
    let scaling = PixelScaling(
      standardizing: [grey, grey, 0, 255, grey, grey, 255, 0], channels: 2, pixels: 2)
    #expect(scaling.deviations == [1, 0.5])
    #expect(scaling.number(grey, channel: 0) == 0)
  }

  @Test func `each channel has its own scale`() throws {
    // Two images of two channels of two pixels.
    let scaling = PixelScaling(
      standardizing: [0, 255, 0, 51, 255, 0, 51, 0], channels: 2, pixels: 2)
    #expect(scaling.means[0] == 0.5 && scaling.deviations[0] == 0.5)
    #expect(abs(scaling.means[1] - 0.1) <= .ulpOfOne && abs(scaling.deviations[1] - 0.1) <= 1e-15)
  }

  @Test func `padding and shifts bring in black, and mirrors turn rows around`() throws {
    let scaling = PixelScaling(standardizing: [0, 255])  // black is -1
    let samples = try scaling.samples(
      [255, 0, 0, 255] + [255, 255, 0, 0], shape: SampleShape(channels: 1, rows: 2, columns: 2),
      padding: 1, labels: [0, 1])
    #expect(samples.shape == SampleShape(channels: 1, rows: 4, columns: 4))
    let (o, x) = (Float(-1), Float(1))
    #expect(samples.input(0) == [o, o, o, o, o, x, o, o, o, o, x, o, o, o, o, o])
    var generator = SplitMix64(seed: 1)
    let augmentation = Augmentation(shift: 1, mirrors: true)
    let draws = Set((0..<200).map { _ in augmentation.draw(using: &generator) })
    #expect(draws.count == 18)
  }
}
