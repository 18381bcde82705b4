#!/usr/bin/env python3
"""Carries networks between `layerpeel train` and PyTorch, and checks that they are the same on both sides.

From LayerPeel to PyTorch: load what was trained, and judge the test set again.

    layerpeel train --model resnet18 --width 16 --per-class 100 --epochs 3 --save-weights net.safetensors --out net.json
    python pytorch_weights.py check net.safetensors net.json

From PyTorch to LayerPeel: save a state dict, start from it; the record of epoch 0 judges it as it came.

    python pytorch_weights.py save start.safetensors --model resnet18 --width 16
    layerpeel train --model resnet18 --width 16 --per-class 100 --epochs 1 --init-weights start.safetensors --out go.json
    python pytorch_weights.py check start.safetensors go.json --first

Needs torch, numpy and safetensors, and a data set of IDX files (fashion-mnist, mnist, kuzushiji-mnist).
"""

import argparse
import glob
import gzip
import json
import os
import sys

import numpy as np
import torch
from layerpeel_networks import network
from safetensors.torch import load_file, save_file


def described(settings):
    """The network that a trajectory's settings describe."""
    channels, rows, columns = settings.get("input", [1, 28, 28])
    hidden = settings["hidden"]
    if settings["model"] == "mlp":  # The default perceptron takes any image as a row of numbers.
        channels, rows = 1, 28
    return network(
        settings["model"], channels, rows, width=hidden[0], hidden=tuple(hidden), norm=settings["norm"],
        bias=settings["classifier_bias"],
    )  # fmt: skip


def idx(folder, pattern, offset):
    """The bytes of an IDX file after its header, plain or .gz."""
    paths = sorted(glob.glob(os.path.join(folder, pattern)))
    if not paths:
        sys.exit(f"pytorch_weights.py: no {pattern} in {folder}; only IDX files are read here")
    opened = gzip.open if paths[0].endswith(".gz") else open
    with opened(paths[0], "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def test_set(settings):
    """Images as `layerpeel train` scales them: padded with black, then (x/255 - mean)/deviation."""
    images = idx(settings["source"], "t10k-images*idx3-ubyte*", 16).reshape(-1, 1, 28, 28)
    labels = idx(settings["source"], "t10k-labels*idx1-ubyte*", 8)
    pad = 0 if settings["model"] == "mlp" else (settings["input"][1] - 28) // 2
    images = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad))) / 255
    scaled = (images - settings["pixel_mean"][0]) / settings["pixel_deviation"][0]
    return torch.tensor(scaled).float(), torch.tensor(labels).long()


def check(given):
    with open(given.trajectory) as text:
        document = json.load(text)
    settings, point = document["settings"], document["points"][0 if given.first else -1]
    net = described(settings)
    net.load_state_dict(load_file(given.weights), strict=True)
    net.eval()
    images, labels = test_set(settings)
    with torch.no_grad():
        logits = torch.cat([net(batch) for batch in images.split(500)]).double()
    loss = torch.nn.functional.cross_entropy(logits, labels).item()
    error = (logits.argmax(1) != labels).double().mean().item()
    print(f"test loss   PyTorch {loss:.7f}   layerpeel {point['test_loss']:.7f}")
    print(f"test error  PyTorch {error:.4f}      layerpeel {point['test_error']:.4f}")
    # Rounding may move an image that lies between two classes to the other side.
    agree = abs(loss / point["test_loss"] - 1) < 1e-4 and abs(error - point["test_error"]) < 3 / len(labels)
    sys.exit(0 if agree else "They differ.")


def save(given):
    torch.manual_seed(given.seed)
    size = 28 if given.model == "mlp" else 32
    net = network(given.model, 1, size, width=given.width, norm=given.norm, bias=given.bias)
    net(torch.randn(64, 1, size, size))  # Moves the running statistics from where everybody begins.
    save_file(net.state_dict(), given.weights)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    checking = commands.add_parser("check", help="judge the test set in PyTorch, beside what layerpeel recorded")
    checking.add_argument("weights", help="a state dict, .safetensors")
    checking.add_argument("trajectory", help="what `layerpeel train --out` wrote, JSON")
    checking.add_argument("--first", action="store_true", help="compare with the first record instead of the last")
    checking.set_defaults(run=check)
    saving = commands.add_parser("save", help="save the state dict of a fresh network")
    saving.add_argument("weights", help="where, .safetensors")
    saving.add_argument("--model", default="resnet18", choices=["mlp", "resnet18", "vgg13"])
    saving.add_argument("--width", type=int, default=64)
    saving.add_argument("--norm", default="batch", choices=["batch", "none"])
    saving.add_argument("--bias", action="store_true", help="of the classifier")
    saving.add_argument("--seed", type=int, default=0)
    saving.set_defaults(run=save)
    given = parser.parse_args()
    given.run(given)
