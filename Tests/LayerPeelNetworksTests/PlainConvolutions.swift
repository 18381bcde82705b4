import Glibc
import LayerPeel
import LayerPeelNetworks

/// ResNet-18 and VGG-13 in double and by plain loops, from a network's parameters.
struct PlainConvolutions {
  /// Images or rows: sample by sample, channel by channel, row by row.
  struct Images {
    var values: [Double]
    var samples, channels, rows, columns: Int

    subscript(n: Int, c: Int, r: Int, k: Int) -> Double {
      guard (0..<rows).contains(r), (0..<columns).contains(k) else { return 0 }
      return values[((n * channels + c) * rows + r) * columns + k]
    }
  }

  let architecture: NetworkArchitecture
  /// Whether batch normalisation takes the batch's statistics instead of the running ones.
  var isTraining: Bool
  var parameters: [String: [Double]] = [:]

  init(_ network: Network, isTraining: Bool) throws {
    (architecture, self.isTraining) = (network.architecture, isTraining)
    for name in network.parameterNames {
      parameters[name] = try network.parameter(named: name).map(Double.init)
    }
  }

  /// Mean cross-entropy of a batch.
  func loss(_ samples: LabelledSamples, rows: Range<Int>) -> Double {
    let logits = logits(samples, rows: rows)
    let classes = architecture.classes
    return rows.reduce(0) { total, row in
      let own = logits[(row - rows.lowerBound) * classes..<(row - rows.lowerBound + 1) * classes]
      let target = own[own.startIndex + Int(samples.labels.values[row])]
      return total + log(own.reduce(0) { $0 + exp($1 - target) })
    } / Double(rows.count)
  }

  /// `n × K`, row by row.
  func logits(_ samples: LabelledSamples, rows: Range<Int>) -> [Double] {
    let shape = samples.shape
    let x = Images(
      values: rows.flatMap { samples.input($0).map(Double.init) }, samples: rows.count,
      channels: shape.channels, rows: shape.rows, columns: shape.columns)
    return architecture.model == .resnet18
      ? linear(mean(residual(x)), "fc") : linear(plain(x), "classifier")
  }

  private func residual(_ input: Images) -> Images {
    var x = rectified(normalized(convolved(input, "conv1"), "bn1"))
    for stage in 1...4 {
      for block in 0..<2 {
        let (name, stride) = ("layer\(stage).\(block)", stage > 1 && block == 0 ? 2 : 1)
        var y = rectified(
          normalized(convolved(x, "\(name).conv1", stride: stride), "\(name).bn1"))
        y = normalized(convolved(y, "\(name).conv2"), "\(name).bn2")
        if parameters["\(name).downsample.0.weight"] != nil {
          let shortcut = convolved(x, "\(name).downsample.0", kernel: 1, stride: stride)
          x = normalized(shortcut, "\(name).downsample.1")
        }
        for i in y.values.indices { y.values[i] += x.values[i] }
        x = rectified(y)
      }
    }
    return x
  }

  private func plain(_ input: Images) -> Images {
    var (x, number) = (input, 0)
    let isNormalized = architecture.normalization == .batch
    for _ in 0..<5 {
      for _ in 0..<2 {
        x = convolved(x, "features.\(number)")
        x = rectified(normalized(x, "features.\(number + 1)"))
        number += isNormalized ? 3 : 2
      }
      number += 1
      x = halved(x)
    }
    return x
  }

  private func convolved(
    _ x: Images, _ name: String, kernel: Int = 3, stride: Int = 1
  ) -> Images {
    let (weight, bias) = (parameters["\(name).weight"]!, parameters["\(name).bias"])
    let outputs = weight.count / (x.channels * kernel * kernel)
    var y = Images(
      values: [], samples: x.samples, channels: outputs, rows: (x.rows - 1) / stride + 1,
      columns: (x.columns - 1) / stride + 1)
    for n in 0..<y.samples {
      for o in 0..<outputs {
        for r in 0..<y.rows {
          for k in 0..<y.columns {
            var sum = bias?[o] ?? 0
            for i in 0..<x.channels {
              for a in 0..<kernel {
                for b in 0..<kernel {
                  sum +=
                    weight[((o * x.channels + i) * kernel + a) * kernel + b]
                    * x[n, i, r * stride + a - kernel / 2, k * stride + b - kernel / 2]
                }
              }
            }
            y.values.append(sum)
          }
        }
      }
    }
    return y
  }

  private func normalized(_ x: Images, _ name: String) -> Images {
    guard architecture.normalization == .batch else { return x }
    let (scale, shift) = (parameters["\(name).weight"]!, parameters["\(name).bias"]!)
    var y = x
    let pixels = x.rows * x.columns
    for c in 0..<x.channels {
      let places = (0..<x.samples).flatMap { n in
        (0..<pixels).map { (n * x.channels + c) * pixels + $0 }
      }
      var (mean, variance) = (
        parameters["\(name).running_mean"]![c], parameters["\(name).running_var"]![c]
      )
      if isTraining {
        mean = places.reduce(0) { $0 + x.values[$1] } / Double(places.count)
        variance =
          places.reduce(0) { $0 + (x.values[$1] - mean) * (x.values[$1] - mean) }
          / Double(places.count)
      }
      for i in places {
        y.values[i] = scale[c] * (x.values[i] - mean) / (variance + 1e-5).squareRoot() + shift[c]
      }
    }
    return y
  }

  private func rectified(_ x: Images) -> Images {
    var y = x
    for i in y.values.indices { y.values[i] = max(0, y.values[i]) }
    return y
  }

  private func halved(_ x: Images) -> Images {
    var y = Images(
      values: [], samples: x.samples, channels: x.channels, rows: x.rows / 2, columns: x.columns / 2
    )
    for n in 0..<y.samples {
      for c in 0..<y.channels {
        for r in 0..<y.rows {
          for k in 0..<y.columns {
            y.values.append(
              max(
                max(x[n, c, 2 * r, 2 * k], x[n, c, 2 * r, 2 * k + 1]),
                max(x[n, c, 2 * r + 1, 2 * k], x[n, c, 2 * r + 1, 2 * k + 1])))
          }
        }
      }
    }
    return y
  }

  private func mean(_ x: Images) -> Images {
    let pixels = x.rows * x.columns
    let means = stride(from: 0, to: x.values.count, by: pixels).map { start in
      x.values[start..<start + pixels].reduce(0, +) / Double(pixels)
    }
    return Images(values: means, samples: x.samples, channels: x.channels, rows: 1, columns: 1)
  }

  private func linear(_ x: Images, _ name: String) -> [Double] {
    let (weight, bias) = (parameters["\(name).weight"]!, parameters["\(name).bias"])
    return (0..<x.samples).flatMap { n in
      (0..<architecture.classes).map { k in
        (0..<x.channels).reduce(bias?[k] ?? 0) {
          $0 + weight[k * x.channels + $1] * x.values[n * x.channels + $1]
        }
      }
    }
  }
}
