"""Weights, inputs and labels that the Swift tests repeat bit for bit, so that no fixture stores them.

Streams of SplitMix64, one for each name; Tests/LayerPeelNetworksTests/Formula.swift has the same.
"""

import numpy as np
import torch


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


def stream(name):
    """A stream for a name: its FNV-1a hash of 32 bits."""
    hash = 0x811C9DC5
    for byte in name.encode():
        hash = (hash ^ byte) * 0x01000193 & 0xFFFFFFFF
    return hash


def parameter(name, shape):
    """`2/sqrt(inputs)` times uniform numbers for matrices, which keeps the size of signals through ReLU;
    1 or 0 plus a tenth of them for vectors."""
    count = int(np.prod(shape))
    numbers = uniform(stream(name), count)
    if len(shape) > 1:
        numbers *= np.float32(2) / np.sqrt(np.float32(count // shape[0]))
    else:
        numbers *= np.float32(0.1)
        if name.endswith((".weight", ".running_var")):
            numbers += np.float32(1)
    return numbers.reshape(shape)


def fill(net):
    """Sets every parameter and running statistic of a module by the formula."""
    for name, tensor in net.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(torch.tensor(parameter(name, tuple(tensor.shape))))


def samples(count, shape, draw=0):
    """Ten classes in turn, each noise half as strong as its pattern: something to learn within 20 steps."""
    width, first = int(np.prod(shape)), 30 + 2 * draw
    labels = np.arange(count) % 10
    noise = uniform(first, count * width).reshape(count, width)
    patterns = uniform(first + 1, 10 * width).reshape(10, width)
    return (np.float32(0.5) * noise + patterns[labels]).reshape(count, *shape), labels


def projections(name, gradient, count=32):
    """Inner products with `count` vectors of ±1: vector j takes bit j of the stream of "signs NAME"."""
    numbers = raw(stream("signs " + name), gradient.size)
    flat = gradient.ravel()
    return [float(flat @ (1 - 2 * ((numbers >> np.uint64(j)) & np.uint64(1)).astype(np.float64))) for j in range(count)]
