"""Images per second of PyTorch on the networks that `layerpeel train` trains.

    python Benchmarks/mlp_peers.py                     # both networks, every variant, the best of each
    python Benchmarks/mlp_peers.py --networks mlp --seconds 10

784-512-512-512-512-64-10 with batch norm and ReLU after each hidden layer (`mlp`), and the plain
784-512-512-512-10 (`mlp-plain`); float32, batch 128, SGD with momentum 0.9 at rate 0.1, no weight decay,
two threads, random images in memory, reshuffled by index each epoch as a data loader would. Forward,
backward and step, after warm-up. Variants: SGD as a loop, `foreach` or `fused`; `malloc` as it comes or
told to keep what it got (a batch's activations are otherwise mapped and faulted in again and again).
One JSON line per variant, then one per network with "best": true. Every variant is a process of its own.
"""
import argparse
import json
import os
import subprocess
import sys
import time

THREADS = 2
BATCH = 128
IMAGES = 60_000
NETWORKS = {"mlp": ((784, 512, 512, 512, 512, 64, 10), True), "mlp-plain": ((784, 512, 512, 512, 10), False)}
SGD = {"loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
KEEP = str(1 << 30)
MALLOC = {
    "default": {},
    "tuned": {
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_TOP_PAD_": str(1 << 26),
        "MALLOC_TRIM_THRESHOLD_": KEEP,
        "MALLOC_MMAP_THRESHOLD_": KEEP,
    },
}


def network(widths, normed):
    from torch import nn

    layers = []
    for inputs, outputs in zip(widths, widths[1:-1]):
        layers += [nn.Linear(inputs, outputs, bias=not normed)]
        layers += [nn.BatchNorm1d(outputs)] * normed + [nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1], bias=False))


def images_per_second(name, sgd, seconds):
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    model = network(*NETWORKS[name])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.0, **SGD[sgd])
    images, labels = torch.rand(IMAGES, 784), torch.randint(10, (IMAGES,))

    def batches():
        while True:
            yield from torch.randperm(IMAGES)[: IMAGES // BATCH * BATCH].view(-1, BATCH)

    def step(chosen):
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(images[chosen]), labels[chosen]).backward()
        optimizer.step()

    feed = batches()
    for _ in range(50):
        step(next(feed))
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for _ in range(10):
            step(next(feed))
        done += 10 * BATCH
    return {"images_per_second": done / (time.perf_counter() - begin), "torch": torch.__version__}


def run_apart(name, sgd, malloc, seconds):
    environment = os.environ | MALLOC[malloc] | {"OMP_NUM_THREADS": str(THREADS)}
    for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(variable, None)
    command = [sys.executable, __file__, "--here", name, sgd, "--seconds", str(seconds)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        return {"refused": (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]}
    return json.loads(done.stdout)


def best(name, seconds):
    lines = []
    for malloc in MALLOC:
        for sgd in SGD:
            line = {"name": name, "sgd": sgd, "malloc": malloc} | run_apart(name, sgd, malloc, seconds)
            print(json.dumps(line), flush=True)
            lines.append(line)
    return max(lines, key=lambda line: line.get("images_per_second", 0)) | {"best": True}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", default=",".join(NETWORKS), help="of " + ", ".join(NETWORKS))
    parser.add_argument("--seconds", type=float, default=5, help="measured for each variant")
    parser.add_argument("--here", nargs=2, metavar=("NETWORK", "SGD"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        print(json.dumps(images_per_second(*given.here, given.seconds)))
    else:
        for name in given.networks.split(","):
            print(json.dumps(best(name, given.seconds)), flush=True)
