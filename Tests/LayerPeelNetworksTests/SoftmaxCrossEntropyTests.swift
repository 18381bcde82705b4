import Glibc
import LayerPeelNetworks
import Testing

struct SoftmaxCrossEntropyTests {
  @Test(arguments: [0, 1, 20, 80] as [Float])
  func `rows of the gradient sum to zero and none vanishes`(_ margin: Float) {
    let logits: [Float] = [margin, 0, 0, -3, margin - 3, -3]
    let labels: [Int32] = [0, 1]
    var gradient = [Float](repeating: 0, count: 6)
    var span = gradient.mutableSpan
    _ = softmaxCrossEntropy(logits: logits.span, labels: labels.span, scale: 1, gradient: &span)
    for row in 0..<2 {
      let entries = gradient[3 * row..<3 * row + 3]
      // Three entries, each rounded by half an ulp of the largest.
      #expect(abs(entries.reduce(0, +)) <= 1.5 * .ulpOfOne * entries.map(abs).max()!)
      #expect(entries.allSatisfy { $0 != 0 })
    }
  }

  @Test func `the loss is right where a naive one rounds to zero or overflows`() {
    let labels: [Int32] = [0]
    for margin in [-500, 40, 80] as [Float] {
      let logits: [Float] = [1000 + margin, 1000, 1000]
      var gradient = [Float](repeating: 0, count: 3)
      var span = gradient.mutableSpan
      let loss = softmaxCrossEntropy(
        logits: logits.span, labels: labels.span, scale: 1, gradient: &span)
      let expected = margin > 0 ? 2 * exp(-Double(margin)) : 500 + log(2)
      // The exponent, as large as the margin, is rounded twice before it is raised.
      #expect(abs(loss - expected) <= 2 * .ulpOfOne * Double(abs(margin)) * expected)
    }
  }
}
