"""Trains the perceptron of LayerPeelNetworks in PyTorch float64 and writes its losses.

Weights, inputs and labels come from a formula that the Swift test repeats bit for bit, so nothing
but the losses is stored. Needs torch and numpy (written with torch 2.13.0):

    python3 mlp_losses.py > mlp_losses.json
"""

import json

import numpy as np
import torch

WIDTHS = [784, 512, 512, 512, 512, 64, 10]
STEPS, BATCH, BATCHES, RATE, MOMENTUM = 20, 128, 4, 0.1, 0.9


def mix(z):
    """The output function of SplitMix64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def raw(stream, count):
    """The first `count` outputs of SplitMix64 whose seed is `stream << 32`."""
    index = np.arange(1, count + 1, dtype=np.uint64)
    return mix((np.uint64(stream) << np.uint64(32)) + index * np.uint64(0x9E3779B97F4A7C15))


def uniform(stream, count):
    """Float32 in [-1, 1), multiples of 2^-23."""
    return (raw(stream, count) >> np.uint64(40)).astype(np.float32) * np.float32(2**-23) - np.float32(1)


def weight(layer):
    inputs, outputs = WIDTHS[layer], WIDTHS[layer + 1]
    bound = np.float32(1) / np.sqrt(np.float32(inputs))
    return (bound * uniform(1 + layer, inputs * outputs)).reshape(outputs, inputs)


def bias(layer):
    inputs, outputs = WIDTHS[layer], WIDTHS[layer + 1]
    return np.float32(1) / np.sqrt(np.float32(inputs)) * uniform(11 + layer, outputs)


def samples():
    """Noise half as strong as a pattern of each class: something to learn within 20 steps."""
    count = BATCH * BATCHES
    labels = (raw(30, count) % np.uint64(10)).astype(np.int64)
    noise = uniform(31, count * 784).reshape(count, 784)
    patterns = uniform(32, 10 * 784).reshape(10, 784)
    return np.float32(0.5) * noise + patterns[labels], labels


def network(normalized):
    modules = []
    for layer in range(len(WIDTHS) - 2):
        linear = torch.nn.Linear(WIDTHS[layer], WIDTHS[layer + 1], bias=not normalized)
        linear.weight.data = torch.tensor(weight(layer))
        if not normalized:
            linear.bias.data = torch.tensor(bias(layer))
        modules.append(linear)
        if normalized:
            modules.append(torch.nn.BatchNorm1d(WIDTHS[layer + 1]))
        modules.append(torch.nn.ReLU())
    classifier = torch.nn.Linear(WIDTHS[-2], WIDTHS[-1], bias=False)
    classifier.weight.data = torch.tensor(weight(len(WIDTHS) - 2))
    return torch.nn.Sequential(*modules, classifier).double()


def run(normalized):
    net = network(normalized)
    inputs, labels = samples()
    inputs, labels = torch.tensor(inputs).double(), torch.tensor(labels)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM)
    losses = []
    for step in range(STEPS):
        rows = slice(step % BATCHES * BATCH, (step % BATCHES + 1) * BATCH)
        loss = torch.nn.functional.cross_entropy(net(inputs[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        evaluated = torch.nn.functional.cross_entropy(net(inputs), labels).item()
    return {"losses": losses, "evaluated": evaluated}


print(json.dumps({"batch": run(True), "none": run(False)}, indent=1))
