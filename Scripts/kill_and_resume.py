#!/usr/bin/env python3
"""Kill a training at random moments, let it go on, and compare it with one that never stopped.

    Scripts/kill_and_resume.py PROGRAM [--kills 20] [--seed 0] -- OPTIONS OF train

Each of the kills is a SIGKILL at a uniformly random moment of a run in a folder of its own, which
then goes on with --resume until its end. A run that had ended by then is not counted: its moment is
drawn again. Weights, records and events must be equal byte for byte.
"""

import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

EQUAL = ["last.safetensors", "best.safetensors", "checkpoint.safetensors", "records.jsonl"]


def train(program, options, kill_after=None):
    process = subprocess.Popen(
        [program, "train", "--quiet", *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _, errors = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    if process.returncode != 0:
        sys.exit(f"train {' '.join(options)}: status {process.returncode}: {errors.decode()}")
    return process.returncode


def trajectory(folder):
    document = json.loads((folder / "trajectory.json").read_text())
    for key in ("cost", "time"):
        document.pop(key)
    return document


def compare(folder, reference):
    for name in EQUAL:
        if (folder / name).read_bytes() != (reference / name).read_bytes():
            sys.exit(f"{folder / name} differs from {reference / name}")
    if trajectory(folder) != trajectory(reference):
        sys.exit(f"the trajectories of {folder} and {reference} differ")


def last_epoch(folder):
    log = folder / "log.txt"
    lines = log.read_text().splitlines() if log.exists() else []
    return lines[-1].split("epoch ")[1].split(":")[0] if lines else "none"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    own, options = sys.argv[1:], []
    if "--" in own:
        own, options = own[:own.index("--")], own[own.index("--") + 1:]
    arguments = parser.parse_args(own, argparse.Namespace(options=options))
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        reference = pathlib.Path(scratch) / "whole"
        began = time.monotonic()
        train(arguments.program, [*arguments.options, "--run", str(reference)])
        whole = time.monotonic() - began
        print(f"the whole run takes {whole:.1f} s; moments are drawn with seed {arguments.seed}")
        kills = 0
        while kills < arguments.kills:
            folder = pathlib.Path(scratch) / f"killed-{kills}"
            moment = moments.uniform(0.02, whole)
            options = [*arguments.options, "--run", str(folder)]
            if train(arguments.program, options, kill_after=moment) == 0:
                whole = min(whole, moment)
                shutil.rmtree(folder)
                continue
            kills += 1
            epoch = last_epoch(folder)
            is_begun = (folder / "run.json").exists()
            train(arguments.program, ["--resume", str(folder)] if is_begun else options)
            compare(folder, reference)
            print(f"{kills:3}  at {moment:6.2f} s: killed after epoch {epoch}; the end is the same")
            shutil.rmtree(folder)


main()
