"""Writes narrow networks trained for a few steps in PyTorch, as anybody would save them, and their logits.

    ~/.cache/layerpeel-peers/bin/python weights.py        # rewrites resnet18.safetensors, vgg13.safetensors, weights.json

(Benchmarks/peers.sh makes that Python; written with torch 2.13.0.) The weight files are `save_file` of
`state_dict()`, counters of batches included; weights.json has the logits of 16 samples of formula.py in
evaluation mode and float64.
"""

import json
import os
import sys

import torch
from formula import samples
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "Examples", "PyTorch"))
from layerpeel_networks import network

SHAPE, WIDTH, COUNT = (1, 32, 32), 2, 16
CASES = {"resnet18": False, "vgg13": True}


def trained(model, bias):
    torch.manual_seed(0)
    net = network(model, channels=SHAPE[0], size=SHAPE[1], width=WIDTH, bias=bias)
    inputs, labels = map(torch.tensor, samples(COUNT, SHAPE))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for _ in range(5):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()
    return net


if __name__ == "__main__":
    found = []
    for model, bias in CASES.items():
        net = trained(model, bias)
        save_file(net.state_dict(), os.path.join(HERE, f"{model}.safetensors"))
        with torch.no_grad():
            logits = net.double().eval()(torch.tensor(samples(COUNT, SHAPE)[0]).double())
        found.append({"model": model, "bias": bias, "width": WIDTH, "logits": logits.tolist()})
    with open(os.path.join(HERE, "weights.json"), "w") as file:
        json.dump(found, file, indent=0)
