"""Writes the Gaussian start from which the program and its peers all set out.

    python Benchmarks/make_start.py start.safetensors [--classes 10 --per-class 100 --dim 64 --seed 0]

Arrays W (K x d), H (N x d, class by class), float64 with variance 1/d, and labels (N, int64).
"""
import argparse

import numpy as np
from safetensors.numpy import save_file


def gaussian(classes, per_class, dim, seed):
    draw = np.random.default_rng(seed).standard_normal
    labels = np.repeat(np.arange(classes), per_class)
    return {"W": draw((classes, dim)) / np.sqrt(dim), "H": draw((len(labels), dim)) / np.sqrt(dim), "labels": labels}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    for option, default in (("classes", 10), ("per-class", 100), ("dim", 64), ("seed", 0)):
        parser.add_argument(f"--{option}", type=int, default=default)
    given = parser.parse_args()
    save_file(gaussian(given.classes, given.per_class, given.dim, given.seed), given.file)
