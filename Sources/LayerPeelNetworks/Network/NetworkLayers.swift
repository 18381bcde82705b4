extension NetworkArchitecture {
  /// What the network consists of, under the names that PyTorch's and torchvision's layers have.
  ///
  /// | model | names |
  /// |---|---|
  /// | `mlp` | `hidden.0.linear`, `hidden.0.norm`, …, `classifier` |
  /// | `resnet18` | `conv1`, `bn1`, `layer1.0.conv1`, …, `layer2.0.downsample.0`, …, `fc` |
  /// | `vgg13` | `features.0`, `features.1`, …, `classifier`, numbered as in `vgg13_bn` or `vgg13` |
  var layers: [Layer] {
    let features =
      switch model {
      case .mlp: perceptronLayers
      case .resnet18: residualLayers
      case .vgg13: plainConvolutionLayers
      case .linearFeatures: [Layer]()
      }
    let classifier = Layer.linear(
      classifierName, inputs: dimension, outputs: classes, hasBias: hasClassifierBias)
    return features + [classifier]
  }

  /// What PyTorch calls the last layer: `fc` in ResNet-18, elsewhere `classifier`.
  public var classifierName: String { model == .resnet18 ? "fc" : "classifier" }

  private var isNormalized: Bool { normalization == .batch }

  /// What follows a linear layer or convolution: its normalisation, and ReLU if asked for.
  private func activation(_ name: String, _ channels: Int, rectifies: Bool = true) -> [Layer] {
    if isNormalized { return [.normalization(name, channels: channels, rectifies: rectifies)] }
    return rectifies ? [.rectifier] : []
  }

  private var perceptronLayers: [Layer] {
    zip([inputs] + hidden, hidden).enumerated().flatMap { layer, widths in
      [
        .linear(
          "hidden.\(layer).linear", inputs: widths.0, outputs: widths.1, hasBias: !isNormalized)
      ] + activation("hidden.\(layer).norm", widths.1)
    }
  }

  /// Five stages of two convolutions and a maximum; layers are counted as torchvision counts them.
  private var plainConvolutionLayers: [Layer] {
    var (layers, number) = ([Layer](), 0)
    var (channels, rows, columns) = (input.channels, input.rows, input.columns)
    for width in hidden {
      for _ in 0..<2 {
        let shape = ConvolutionShape(
          inputs: channels, outputs: width, kernel: 3, stride: 1, rows: rows, columns: columns)
        layers.append(.convolution("features.\(number)", shape, hasBias: !isNormalized))
        layers += activation("features.\(number + 1)", width)
        number += isNormalized ? 3 : 2
        channels = width
      }
      layers.append(.pooling(.maximum))
      number += 1
      (rows, columns) = (rows / 2, columns / 2)
    }
    return layers + [.flattening]
  }

  /// A stem, four stages of two residual blocks, and the mean over all pixels.
  private var residualLayers: [Layer] {
    var shape = ConvolutionShape(
      inputs: input.channels, outputs: hidden[0], kernel: 3, stride: 1, rows: input.rows,
      columns: input.columns)
    var layers =
      [Layer.convolution("conv1", shape, hasBias: !isNormalized)] + activation("bn1", hidden[0])
    for (stage, width) in hidden.enumerated() {
      for block in 0..<2 {
        shape = ConvolutionShape(
          inputs: shape.outputs, outputs: width, kernel: 3, stride: stage > 0 && block == 0 ? 2 : 1,
          rows: shape.outputRows, columns: shape.outputColumns)
        layers.append(residualBlock("layer\(stage + 1).\(block)", shape))
      }
    }
    return layers + [.pooling(.mean), .flattening]
  }

  /// Two convolutions beside a shortcut, which is a convolution of single pixels where extents
  /// change.
  private func residualBlock(_ name: String, _ first: ConvolutionShape) -> Layer {
    let width = first.outputs
    let second = ConvolutionShape(
      inputs: width, outputs: width, kernel: 3, stride: 1, rows: first.outputRows,
      columns: first.outputColumns)
    let body =
      [Layer.convolution("\(name).conv1", first, hasBias: !isNormalized)]
      + activation("\(name).bn1", width)
      + [.convolution("\(name).conv2", second, hasBias: !isNormalized)]
      + activation("\(name).bn2", width, rectifies: false)
    guard first.stride != 1 || first.inputs != width else {
      return .residual(body: body, shortcut: [])
    }
    let pixels = ConvolutionShape(
      inputs: first.inputs, outputs: width, kernel: 1, stride: first.stride, rows: first.rows,
      columns: first.columns)
    let shortcut =
      [Layer.convolution("\(name).downsample.0", pixels, hasBias: !isNormalized)]
      + activation("\(name).downsample.1", width, rectifies: false)
    return .residual(body: body, shortcut: shortcut)
  }
}
