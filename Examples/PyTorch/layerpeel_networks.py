"""The networks of `layerpeel train` as PyTorch modules, under the names that its weight files use.

    from layerpeel_networks import network
    model = network("resnet18", channels=1, size=32, width=16, classes=10)

`resnet18` and `vgg13` are torchvision's by their parameters' names, with three differences that are usual for
images of 32x32: ResNet-18 has a 3x3 stem of stride 1 and no pooling after it, VGG-13 has one linear
layer after its convolutions, and the classifier has no bias unless asked for. Where batch normalisation
follows, a layer has no bias; without batch normalisation it has one. Needs torch alone.
"""

from torch import nn


class MLP(nn.Module):
    """Linear, batch normalisation if asked for, ReLU; again and again; then a linear classifier."""

    def __init__(self, inputs, hidden=(512, 512, 512, 512, 64), classes=10, norm="batch", bias=False):
        super().__init__()
        layers = []
        for width_in, width_out in zip((inputs, *hidden), hidden):
            layer = nn.ModuleDict({"linear": nn.Linear(width_in, width_out, bias=norm == "none")})
            if norm == "batch":
                layer["norm"] = nn.BatchNorm1d(width_out)
            layers.append(layer)
        self.hidden = nn.ModuleList(layers)
        self.classifier = nn.Linear(hidden[-1], classes, bias=bias)

    def features(self, x):
        x = x.flatten(1)
        for layer in self.hidden:
            x = layer["linear"](x)
            if "norm" in layer:
                x = layer["norm"](x)
            x = x.relu()
        return x

    def forward(self, x):
        return self.classifier(self.features(x))


class Block(nn.Module):
    """Two 3x3 convolutions beside a way past them, then ReLU."""

    def __init__(self, channels_in, channels, stride, norm):
        super().__init__()
        self.conv1, self.bn1 = convolution(channels_in, channels, 3, stride, norm)
        self.conv2, self.bn2 = convolution(channels, channels, 3, 1, norm)
        self.downsample = None
        if stride != 1 or channels_in != channels:
            self.downsample = nn.Sequential(*convolution(channels_in, channels, 1, stride, norm))

    def forward(self, x):
        past = x if self.downsample is None else self.downsample(x)
        x = self.bn1(self.conv1(x)).relu()
        return (self.bn2(self.conv2(x)) + past).relu()


class ResNet18(nn.Module):
    """ResNet-18 for small images: a 3x3 stem, four stages of two blocks, mean over pixels."""

    def __init__(self, channels=3, width=64, classes=10, norm="batch", bias=False):
        super().__init__()
        self.conv1, self.bn1 = convolution(channels, width, 3, 1, norm)
        inside = width
        for stage in range(4):
            outside = width << stage
            first = Block(inside, outside, 1 if stage == 0 else 2, norm)
            self.add_module(f"layer{stage + 1}", nn.Sequential(first, Block(outside, outside, 1, norm)))
            inside = outside
        self.fc = nn.Linear(inside, classes, bias=bias)

    def features(self, x):
        x = self.bn1(self.conv1(x)).relu()
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return x.mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


class VGG13(nn.Module):
    """VGG-13 for images of 32x32: five stages of two 3x3 convolutions and a maximum over 2x2."""

    def __init__(self, channels=3, width=64, classes=10, norm="batch", bias=False):
        super().__init__()
        layers, inside = [], channels
        for outside in (width, 2 * width, 4 * width, 8 * width, 8 * width):
            for _ in range(2):
                made = convolution(inside, outside, 3, 1, norm)
                layers += [layer for layer in made if not isinstance(layer, nn.Identity)] + [nn.ReLU()]
                inside = outside
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers, nn.Flatten())
        self.classifier = nn.Linear(inside, classes, bias=bias)

    def forward(self, x):
        return self.classifier(self.features(x))


def convolution(channels_in, channels, size, stride, norm):
    """A convolution that keeps the size but for its stride, and what normalises its outputs."""
    layer = nn.Conv2d(channels_in, channels, size, stride, size // 2, bias=norm == "none")
    return layer, nn.BatchNorm2d(channels) if norm == "batch" else nn.Identity()


def network(model, channels=1, size=32, width=64, hidden=(512, 512, 512, 512, 64), classes=10, norm="batch",
            bias=False):  # fmt: skip
    """The network that `layerpeel train --model MODEL` trains, with PyTorch's default start."""
    if model == "mlp":
        return MLP(channels * size * size, hidden, classes, norm, bias)
    return {"resnet18": ResNet18, "vgg13": VGG13}[model](channels, width, classes, norm, bias)
