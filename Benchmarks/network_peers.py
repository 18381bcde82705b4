"""Training speed and memory of our networks beside PyTorch's, on the same machine in turn.

    swift build -c release --product layerpeel && swift build -c release --product NetworkTimes
    python Benchmarks/network_peers.py [--parts steps,sizes,epochs] [--seconds 3] [--rounds 3]

float32, two threads, SGD with momentum 0.9 and no weight decay, cross-entropy, random numbers for images. Every
measurement is a process of its own, after warm-up. Parts, each some three minutes:

    steps   forward, backward and step at batch 128 with data in memory: ResNet-18, ResNet-18 of width 16, VGG-13
            at 32x32x3, MLP 784-512-512-512-10. First every variant of PyTorch once: memory format (default,
            channels_last), SGD (loop, foreach, fused), allocator (as it comes; malloc told to keep what it got;
            jemalloc and tcmalloc where they are installed: `peers.sh` tries). Then ours and the best in turn.
    sizes   the same by batch size and width for ResNet-18, PyTorch in the variant that was best at its width
    epochs  whole epochs of Fashion-MNIST, loading and evaluation of both sets after each included:
            `layerpeel train`, whose probes measure the last layer besides, against PyTorch with images in memory
            as floats; and what a probe costs beside a forward pass

One JSON line a measurement; the load of the machine stands in each. Peak memory is the kernel's VmHWM by the end
of the steps, PyTorch's own 250 MB or so included.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Examples", "PyTorch"))
THREADS, BATCH, IMAGES = 2, 128, 2048
COLOUR = (3, 32, 32)

# name: model, shape of an image, width or hidden layers, norm
NETWORKS = {
    "resnet18": ("resnet18", COLOUR, (64,), "batch"),
    "resnet18 of width 16": ("resnet18", COLOUR, (16,), "batch"),
    "vgg13": ("vgg13", COLOUR, (64,), "batch"),
    "mlp 784-512-512-512-10": ("mlp", (1, 28, 28), (512, 512, 512), "none"),
}
# name: network, images a class
EPOCHS = {
    "mlp, 60,000 images": (("mlp", (1, 28, 28), (512, 512, 512, 512, 64), "batch"), 6000),
    "resnet18 of width 16, 10,000 images": (("resnet18", (1, 32, 32), (16,), "batch"), 1000),
}
SGD = {"loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
KEEP = str(1 << 30)


def allocators():
    """Environment of each allocator that is here."""
    found = {
        "malloc": {},
        "tuned malloc": {
            "MALLOC_ARENA_MAX": "2",
            "MALLOC_TOP_PAD_": str(1 << 26),
            "MALLOC_TRIM_THRESHOLD_": KEEP,
            "MALLOC_MMAP_THRESHOLD_": KEEP,
        },
    }
    for name, pattern in (("jemalloc", "libjemalloc.so.2"), ("tcmalloc", "libtcmalloc_minimal.so.4")):
        for path in glob.glob(f"/usr/lib/*/{pattern}")[:1]:
            found[name] = {"LD_PRELOAD": path}
    return found


# What runs in a process of its own


def peak_memory():
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def built(spec, sgd, layout):
    import torch
    from layerpeel_networks import network

    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    model, shape, widths, norm = spec
    size = {"hidden": widths} if model == "mlp" else {"width": widths[0]}
    net = network(model, channels=shape[0], size=shape[1], norm=norm, **size)
    if layout == "channels_last":
        net = net.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=0.0, **SGD[sgd])

    def step(images, labels):
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()

    return net, step


def in_layout(images, layout):
    import torch

    return images.contiguous(memory_format=torch.channels_last) if layout == "channels_last" else images


def time_steps(spec, sgd, layout, batch, seconds):
    import torch

    _, step = built(spec, sgd, layout)
    images = in_layout(torch.randn(IMAGES, *spec[1]), layout)
    labels = torch.arange(IMAGES) % 10

    def steps(seconds):
        done, begin = 0, time.perf_counter()
        while True:
            for rows in torch.randperm(IMAGES)[: IMAGES // batch * batch].view(-1, batch):
                step(images[rows], labels[rows])
                done += batch
                elapsed = time.perf_counter() - begin
                if elapsed >= seconds:
                    return done / elapsed

    steps(seconds / 10)
    return {"images_per_second": steps(seconds), "peak_bytes": peak_memory(), "torch": torch.__version__}


def time_epochs(spec, sgd, layout, per_class, epochs):
    """Seconds of loading, and of epochs with an evaluation of both sets after each and before the first."""
    import torch

    begin = time.perf_counter()
    net, step = built(spec, sgd, layout)
    pad = (spec[1][1] - 28) // 2
    train, test = fashion("train", per_class), fashion("t10k", None)
    mean, deviation = train[0].mean(), train[0].std()
    sets = []
    for images, labels in (train, test):
        padded = torch.nn.functional.pad(images, (pad,) * 4)
        sets.append((in_layout((padded - mean) / deviation, layout), labels))
    loaded = time.perf_counter()

    def evaluate():
        net.eval()
        with torch.inference_mode():
            for images, labels in sets:
                for first in range(0, len(labels), 256):
                    logits, truth = net(images[first : first + 256]), labels[first : first + 256]
                    torch.nn.functional.cross_entropy(logits, truth, reduction="sum").item()
                    (logits.argmax(1) != truth).sum().item()
        net.train()

    evaluate()
    images, labels = sets[0]
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(BATCH):
            step(images[rows], labels[rows])
        evaluate()
    end = time.perf_counter()
    return {"load_seconds": loaded - begin, "seconds": end - begin, "peak_bytes": peak_memory(),
            "torch": torch.__version__}  # fmt: skip


def fashion(name, per_class, folder="/usr/share/datasets/fashion-mnist"):
    import gzip

    import numpy as np
    import torch

    def numbers(kind, offset):
        path = os.path.join(folder, f"{name}-{kind}-ubyte")
        opened = open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz", "rb")
        with opened as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)

    images, labels = numbers("images-idx3", 16).reshape(-1, 1, 28, 28), numbers("labels-idx1", 8)
    if per_class:
        chosen = np.sort(np.concatenate([np.flatnonzero(labels == k)[:per_class] for k in range(10)]))
        images, labels = images[chosen], labels[chosen]
    return torch.tensor(images).float() / 255, torch.tensor(labels).long()


# What starts those processes


def keep(part, line):
    line = {"part": part} | line | {"load": round(os.getloadavg()[0], 2)}
    print(json.dumps(line), flush=True)
    return line


def environment(extra):
    own = os.environ | {"OMP_NUM_THREADS": str(THREADS)} | extra
    for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        own.pop(variable, None)
    return own


def run(command, extra=None, limit=120):
    try:
        done = subprocess.run(command, env=environment(extra or {}), capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return {"refused": f"took more than {limit} s"}
    if done.returncode != 0:
        return {"refused": (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]}
    return json.loads(done.stdout)


def theirs(work, spec, variant, *arguments):
    layout, sgd, allocator = variant
    command = [sys.executable, __file__, "--here", json.dumps([work, spec, sgd, layout, *arguments])]
    return {"name": "PyTorch", "variant": ", ".join(variant)} | run(command, allocators()[allocator])


def our_steps(given, spec, batch, seconds, images=IMAGES):
    model, shape, widths, norm = spec
    lists = [",".join(map(str, shape)), ",".join(map(str, widths))]
    numbers = [str(number) for number in (batch, images, THREADS, seconds)]
    return {"name": "layerpeel"} | run([given.times, model, *lists, norm, *numbers])


def speed(line):
    return line.get("images_per_second", 0)


def best_variant(name, spec, seconds):
    """The fastest of PyTorch's settings: first layout and allocator together, then how SGD is done."""
    layouts = ["default"] if spec[0] == "mlp" else ["default", "channels_last"]
    tried = {}

    def measure(variant):
        tried[variant] = keep("variants", {"network": name} | theirs("steps", spec, variant, BATCH, seconds))

    for layout in layouts:
        for allocator in allocators():
            measure((layout, "fused", allocator))
    layout, _, allocator = max(tried, key=lambda variant: speed(tried[variant]))
    for sgd in ("loop", "foreach"):
        measure((layout, sgd, allocator))
    return max(tried, key=lambda variant: speed(tried[variant]))


def steps(given):
    for name, spec in NETWORKS.items():
        variant = best_variant(name, spec, given.seconds)
        for _ in range(given.rounds):
            keep("steps", {"network": name} | our_steps(given, spec, BATCH, given.seconds))
            keep("steps", {"network": name} | theirs("steps", spec, variant, BATCH, given.seconds))


def sizes(given):
    for width in (16, 32, 64):
        spec = ("resnet18", COLOUR, (width,), "batch")
        tried = {
            layout: theirs("steps", spec, (layout, "fused", "tuned malloc"), BATCH, given.seconds)
            for layout in ("default", "channels_last")
        }
        layout = max(tried, key=lambda layout: speed(tried[layout]))
        for batch in (32, 64, 128, 256):
            for line in (
                our_steps(given, spec, batch, given.seconds),
                tried[layout] if batch == BATCH
                else theirs("steps", spec, (layout, "fused", "tuned malloc"), batch, given.seconds),
            ):  # fmt: skip
                keep("sizes", {"width": width, "batch": batch} | line)


def epochs(given):
    count = 2
    for name, (spec, per_class) in EPOCHS.items():
        model, shape, widths, _ = spec
        options = ["--hidden", ",".join(map(str, widths))] if model == "mlp" else ["--width", str(widths[0])]
        ours = [
            given.program, "train", "--model", model, *options, "--per-class", str(per_class), "--epochs", str(count),
            "--probes", "10", "--threads", str(THREADS), "--rate", "0.01", "--json", "--quiet",
        ]  # fmt: skip
        variant = ("default" if model == "mlp" else "channels_last", "fused", "tuned malloc")
        for _ in range(2):
            begin = time.perf_counter()
            document = run(ours)
            seconds = time.perf_counter() - begin
            cost = document.get("cost", document)  # A run that was refused says why instead.
            keep("epochs", {"network": name, "name": "layerpeel", "epochs": count} | cost | {"seconds": seconds})
            keep("epochs", {"network": name, "epochs": count} | theirs("epochs", spec, variant, per_class, count))
        forward = our_steps(given, spec, BATCH, given.seconds, 10 * per_class)
        keep("probes", {"network": name, "images": 10 * per_class} | forward)


PARTS = {"steps": steps, "sizes": sizes, "epochs": epochs}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    release = os.path.join(HERE, "..", ".build", "release")
    parser.add_argument("--parts", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    parser.add_argument("--seconds", type=float, default=3, help="measured for each line")
    parser.add_argument("--rounds", type=int, default=3, help="of ours and the best of PyTorch in turn")
    parser.add_argument("--program", default=os.path.join(release, "layerpeel"))
    parser.add_argument("--times", default=os.path.join(release, "NetworkTimes"))
    parser.add_argument("--here", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        work, *arguments = json.loads(given.here)
        print(json.dumps({"steps": time_steps, "epochs": time_epochs}[work](*arguments)))
    else:
        for part in given.parts.split(","):
            PARTS[part](given)
