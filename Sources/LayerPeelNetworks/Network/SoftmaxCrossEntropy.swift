internal import Glibc

/// Cross-entropy of each sample and its gradient with respect to the logits, to single precision.
///
/// With `e_j = z_j - z_y` for `j ≠ y`, a sample's loss is `l = log(1 + Σ exp e_j)`, the gradient is
/// `p_j = exp(e_j - l)` for `j ≠ y`, and for the true class minus the sum of the others: never
/// `p - 1`, which rounds to 0 long before the loss does. Formed in double, stored in float32.
///
/// - Parameters:
///   - logits: `rows × classes`, row by row.
///   - labels: The class of each row, from 0.
///   - scale: Multiplies the gradient, `1/rows` for that of the mean.
///   - gradient: Overwritten, as long as `logits`.
/// - Returns: The sum of the losses, in nats, in the order of the rows.
package func softmaxCrossEntropy(
  logits: Span<Float>, labels: Span<Int32>, scale: Double, gradient: inout MutableSpan<Float>
) -> Double {
  let classes = logits.count / labels.count
  precondition(logits.count == labels.count * classes && gradient.count == logits.count)
  var total = 0.0
  for row in labels.indices {
    let columns = row * classes..<(row + 1) * classes
    let target = columns.lowerBound + Int(labels[row])
    let loss = crossEntropy(logits, columns, target)
    total += loss
    let reference = Double(logits[target]) + loss
    var others = 0.0
    for i in columns where i != target {
      let p = exp(Double(logits[i]) - reference)
      others += p
      gradient[i] = Float(scale * p)
    }
    gradient[target] = Float(-scale * others)
  }
  return total
}

/// The loss of the sample whose logits are `columns`, in nats, right however small it is.
package func crossEntropy(_ logits: Span<Float>, _ columns: Range<Int>, _ target: Int) -> Double {
  let reference = Double(logits[target])
  var peak = -Double.infinity
  for i in columns where i != target { peak = max(peak, Double(logits[i]) - reference) }
  var sum = 0.0
  for i in columns where i != target { sum += exp(Double(logits[i]) - reference - peak) }
  let s = peak + log(sum)
  return s > 0 ? s + log1p(exp(-s)) : log1p(exp(s))
}
