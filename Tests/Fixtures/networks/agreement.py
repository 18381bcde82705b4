"""Trains every network of LayerPeelNetworks in PyTorch float64: losses, gradients, evaluation.

    ~/.cache/layerpeel-peers/bin/python agreement.py > agreement.json          # some minutes

(Benchmarks/peers.sh makes that Python; written with torch 2.13.0.) On standard error it says how far PyTorch's
own float32 is from it. Weights, inputs and labels come from a
formula that the Swift test repeats bit for bit (formula.py). Of each case there are

    losses      of 20 steps of SGD with momentum 0.9, on four batches in turn
    evaluated   mean loss of all their samples after those steps, in evaluation mode
    gradients   of the first step, for each parameter [norm, 32 inner products with vectors of ±1]

For the latter, if `e` is the difference of two gradients and `s` a vector of independent signs, `⟨e, s⟩²` has
mean `‖e‖²` and variance at most `2 ‖e‖⁴`. So the mean of 32 such squares estimates `‖e‖²` with a standard
deviation of at most a quarter of it (an eighth, of `‖e‖`), and 65 numbers for 2.4 million say what the
whole would say. It is distributed like chi-squared with 32 degrees of freedom, over 32: a difference twice
as large as a bound passes for smaller than it in fewer than one of a hundred thousand draws.

The derivative of ReLU and of a maximum jumps, and a unit that rounding puts on the other side changes the
gradient by far more than rounding. So of sixty draws of samples the one is taken whose first batch keeps
farthest from all jumps: "nearest", in units of the root mean square of the layer.
"""

import json
import os
import sys

import torch
from formula import fill, projections, samples

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "Examples", "PyTorch"))
from layerpeel_networks import network

STEPS, BATCHES, MOMENTUM = 20, 4, 0.9
COLOUR, GREY = (3, 32, 32), (1, 32, 32)

# name: model, shape of a sample, width or hidden layers, norm, bias, batch, rate
CASES = {
    "mlp": ("mlp", (1, 28, 28), (512, 512, 512, 512, 64), "batch", False, 32, 0.02),
    "mlp without norm": ("mlp", (1, 28, 28), (512, 512, 512), "none", True, 32, 0.01),
    "resnet18": ("resnet18", COLOUR, 64, "batch", False, 2, 1e-4),
    "resnet18 of width 16, grey": ("resnet18", GREY, 16, "batch", True, 4, 5e-4),
    "resnet18 of width 16 without norm": ("resnet18", COLOUR, 16, "none", False, 8, 1e-3),
    "resnet18 of width 5, 28x28": ("resnet18", (1, 28, 28), 5, "batch", False, 16, 1e-3),
    "vgg13": ("vgg13", COLOUR, 64, "batch", False, 4, 2e-5),
    "vgg13 of width 16, grey": ("vgg13", GREY, 16, "batch", True, 16, 5e-5),
    "vgg13 of width 16 without norm": ("vgg13", COLOUR, 16, "none", True, 8, 5e-3),
    "vgg13 of width 5, grey": ("vgg13", GREY, 5, "none", False, 16, 2e-2),
}
DRAWS = 60


class Kinks(torch.overrides.TorchFunctionMode):
    """Watches how near ReLU and maxima come to where their derivative jumps, in units of their inputs' size."""

    def __init__(self):
        super().__init__()
        self.nearest = float("inf")

    def __torch_function__(self, function, types, arguments=(), keywords=None):
        result = function(*arguments, **(keywords or {}))
        if function.__name__ in ("relu", "max_pool2d"):
            x = arguments[0].detach()
            size = (x**2).mean().sqrt()
            if function.__name__ == "max_pool2d":
                x = x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4).topk(2).values
                x = (x[..., 0] - x[..., 1])[x[..., 0] > 0]
            self.nearest = min(self.nearest, float(x.abs().min() / size))
        return result


def made(case):
    model, shape, size, norm, bias, *_ = case
    widths = {"hidden": size} if model == "mlp" else {"width": size}
    net = network(model, channels=shape[0], size=shape[1], norm=norm, bias=bias, **widths)
    fill(net)
    return net


def best_draw(case):
    """The draw of samples whose first batch stays farthest from every kink, and how far that is."""
    _, shape, *_, batch, _ = case
    net, found = made(case).double(), []
    for draw in range(DRAWS):
        inputs, _ = samples(BATCHES * batch, shape, draw)
        with torch.no_grad(), Kinks() as kinks:
            net(torch.tensor(inputs[:batch]).double())
        found.append((kinks.nearest, draw))
    return max(found)


def run(case, precision, draw):
    _, shape, *_, batch, rate = case
    net = made(case).to(precision)
    inputs, labels = samples(BATCHES * batch, shape, draw)
    inputs, labels = torch.tensor(inputs).to(precision), torch.tensor(labels)
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=MOMENTUM)
    losses, gradients = [], {}
    for step in range(STEPS):
        rows = slice(step % BATCHES * batch, (step % BATCHES + 1) * batch)
        loss = torch.nn.functional.cross_entropy(net(inputs[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            for name, value in net.named_parameters():
                gradient = value.grad.double().numpy().copy()
                gradients[name] = [float((gradient**2).sum() ** 0.5), *projections(name, gradient)]
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        evaluated = torch.nn.functional.cross_entropy(net(inputs), labels).item()
    return {"losses": losses, "evaluated": evaluated, "gradients": gradients}


def described(name, nearest, draw):
    model, shape, size, norm, bias, batch, rate = CASES[name]
    hidden = list(size) if model == "mlp" else [size]
    return {"name": name, "model": model, "shape": list(shape), "hidden": hidden, "norm": norm, "bias": bias,
            "batch": batch, "rate": rate, "nearest": nearest, "draw": draw}  # fmt: skip


def distance(one, other):
    """Largest relative differences of losses, of the evaluation, and of gradients by their projections."""
    losses = max(abs(a / b - 1) for a, b in zip(one["losses"], other["losses"]))
    gradients = max(
        (sum((x - y) ** 2 for x, y in zip(a[1:], b[1:])) / 32) ** 0.5 / b[0]
        for a, b in zip(one["gradients"].values(), other["gradients"].values())
    )
    return losses, abs(one["evaluated"] / other["evaluated"] - 1), gradients


def rounded(value):
    """Seven digits of a projection are four more than the test needs."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value


if __name__ == "__main__":
    cases = []
    for name, case in CASES.items():
        nearest, draw = best_draw(case)
        double = run(case, torch.float64, draw)
        cases.append(rounded(described(name, nearest, draw) | double))
        differences = distance(run(case, torch.float32, draw), double)
        report = "%-36s nearest %.1e; float32: losses %.1e, evaluated %.1e, gradients %.1e"
        print(report % (name, nearest, *differences), file=sys.stderr, flush=True)
    print(json.dumps({"cases": cases}, separators=(",", ":")).replace('{"name"', '\n{"name"'))
