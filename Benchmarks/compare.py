"""The program beside its peers, measured in one run: a table on standard output, raw JSON lines in FOLDER.

    Benchmarks/run.sh FOLDER [--rows flow,small,separate,network,networks,curvature,certify,proof] [--program .build/release/layerpeel]

run.sh makes the peers' environment and calls this. Rows:

    flow      K=10, n=100, d=64 from one Gaussian start to margin ratio 0.999, against flow_peers.py
    small     K=4, n=5, d=8 to log L = -1e7, the whole process
    separate  five separation problems below K - 1 dimensions from equal starts, against separate_peers.py
    network   the last layer of a network trained for three epochs, 3.8 million unknowns, to log L = -1e4
    networks  training steps, whole epochs and probes of networks, against network_peers.py
    certify   the judgement of points of N=100,000, d=512, and what reading them takes (make_points.py)
    proof     proofs in exact arithmetic, and their checker
    curvature the lowest curvature at K=10, n=100, d=64, against SciPy's eigsh (curvature_peers.py)

Times are the least of --repeat runs, ours before and after the peers. The load that others put on the
machine is recorded with every line: figures taken above about 0.3 times the cores are not worth keeping.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Our fastest tolerance by the peers' criterion; the default is far tighter, for the invariants' sake.
OUR_RTOL = "5e-6"


class Bench:
    """Runs programs, keeps what they cost, and writes each line down as soon as it is known."""

    def __init__(self, given):
        self.given = given
        self.environment = dict(os.environ)
        for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
            self.environment.pop(variable, None)
        os.makedirs(given.folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.given.folder, name)

    def keep(self, row, line):
        line = {"row": row} | line | {"load": round(os.getloadavg()[0], 2), "at": time.strftime("%FT%T")}
        with open(self.path(f"{row}.jsonl"), "a") as file:
            file.write(json.dumps(line) + "\n")
        return line

    def ours(self, *arguments):
        """(document or None, seconds of the whole process, peak memory in bytes, status)."""
        captured = self.path("captured.json")
        with open(captured, "w") as out:
            begin = time.perf_counter()
            child = subprocess.Popen([self.given.program, *arguments], stdout=out, env=self.environment)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - begin
            child.returncode = os.waitstatus_to_exitcode(status)
        with open(captured) as text:
            document = json.loads(text.read() or "null")
        os.remove(captured)
        return document, seconds, usage.ru_maxrss * 1024, child.returncode

    def script(self, name, *arguments):
        """The JSON lines of one of the scripts beside this one."""
        command = [sys.executable, os.path.join(HERE, name), *arguments]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]


def our_flow(bench, row, label, *arguments):
    """One run of `layerpeel flow`, as a line."""
    document, seconds, memory, status = bench.ours("flow", *arguments, "--json", "--quiet")
    line = {"name": label, "process_seconds": seconds, "peak_bytes": memory, "status": status}
    if document:
        last = document["points"][-1]
        line |= {
            "seconds": document["cost"]["seconds"],
            "evaluations": document["cost"]["gradient_evaluations"],
            "hessian_products": document["cost"]["hessian_products"],
            "steps": document["cost"]["steps"],
            "termination": document["termination"],
            "events": document["events"],
            **{key: last[key] for key in ("margin_ratio", "log_norm", "log_loss", "invariant_drift")},
        }
    return bench.keep(row, line)


def least(lines, key="seconds"):
    return min(lines, key=lambda line: line.get(key) or math.inf)


def flow(bench):
    start = bench.path("start.safetensors")
    bench.script("make_start.py", start)
    common = ("--init", start, "--until-margin-ratio", "0.999")
    # The peers measure nothing on the way; --points 1 leaves us four records instead of sixty.
    variants = {
        f"layerpeel, rtol {OUR_RTOL}": (*common, "--rtol", OUR_RTOL, "--points", "1"),
        "layerpeel, as it comes": common,
    }
    runs = {label: [] for label in variants}

    def measure_ours():
        for label, arguments in variants.items():
            runs[label] += [our_flow(bench, "flow", label, *arguments) for _ in range(bench.given.repeat)]

    measure_ours()
    tune = ("--tune",) if bench.given.tune else ()
    peers = bench.script(
        "flow_peers.py", start, "--repeat", str(bench.given.repeat), "--limit", str(bench.given.limit), *tune
    )
    for line in peers:
        bench.keep("flow", line)
    measure_ours()
    bests = [least(lines) for lines in runs.values()]
    show(
        "K=10, n=100, d=64 to margin ratio 0.999",
        ("", "seconds", "gradients", "margin ratio", "log norm", "times ours"),
        [
            (line["name"] + at_rtol(line), line["seconds"], line["evaluations"], line["margin_ratio"],
             line["log_norm"], line["seconds"] / bests[0]["seconds"])
            if line.get("seconds") else (line["name"], line["refused"])
            for line in bests + [line for line in peers if "tuning" not in line]
        ],
    )  # fmt: skip


def at_rtol(line):
    return f", rtol {line['rtol']:g}, {line['threads']} threads" if "rtol" in line else ""


def small(bench):
    arguments = "--classes 4 --per-class 5 --dim 8 --seed 7 --until-log-loss -1e7".split()
    line = least(
        [our_flow(bench, "small", "layerpeel", *arguments) for _ in range(max(5, bench.given.repeat))],
        "process_seconds",
    )
    show(
        "K=4, n=5, d=8 to log L = -1e7",
        ("", "process, s", "inside, s", "gradients", "margin ratio", "ended by"),
        [(line["name"], line["process_seconds"], line["seconds"], line["evaluations"], line["margin_ratio"],
          line["termination"])],
    )  # fmt: skip


def separate(bench):
    """Seconds that one start at the best value takes: all starts' time over those that reached it."""
    cases, starts = ("4,2", "5,3", "6,3", "7,3", "8,6"), "50"
    runs = {case: [] for case in cases}

    def measure_ours():
        for case in cases:
            classes, dimension = case.split(",")
            for _ in range(bench.given.repeat):
                document, *_ = bench.ours(
                    "separate", "--classes", classes, "--dim", dimension, "--per-class", "1", "--restarts", starts,
                    "--no-constructions", "--json", "--quiet",
                )  # fmt: skip
                keys = ("classes", "dim", "seconds", "restarts", "reached", "primal", "kkt_stationarity")
                line = {"name": "layerpeel"} | {key: document[key] for key in keys}
                runs[case].append(bench.keep("separate", line))

    measure_ours()
    peers = bench.script("separate_peers.py", "--restarts", starts, "--repeat", str(bench.given.repeat), "--cases", *cases)
    for line in peers:
        bench.keep("separate", line)
    measure_ours()
    rows = []
    for case, peer in zip(cases, peers):
        ours = least(runs[case])
        each = [line["seconds"] / line["reached"] for line in (ours, peer)]
        rows.append(
            (case.replace(",", ", "), 1e3 * each[0], f"{ours['reached']}/{starts}", 1e3 * each[1],
             f"{peer['reached']}/{starts}", each[1] / each[0], ours["primal"] - peer["value"])
        )  # fmt: skip
    show(
        "separation below K - 1 dimensions, one sample a class, to the best value",
        ("K, d", "ms", "reached", f"SciPy {peers[0]['scipy']} SLSQP, ms", "reached", "times ours", "difference of values"),
        rows,
    )


def network(bench):
    net = bench.path("net.safetensors")
    training = "train --model mlp --data fashion-mnist --epochs 3 --seed 0 --quiet".split()
    _, seconds, memory, status = bench.ours(*training, "--save-point", net, "--json")
    if status != 0:
        sys.exit(f"layerpeel train ended with {status}")
    line = our_flow(
        bench, "network", f"layerpeel, rtol {OUR_RTOL}", "--init", net, "--until-log-loss", "-1e4", "--rtol", OUR_RTOL
    )
    state = 8 * (10 + 60_000) * 64
    show(
        "last layer of a network, K=10, N=60000, d=64, to log L = -1e4",
        ("", "seconds", "gradients", "Hessian products", "peak, MB", "peak / state", "ended by"),
        [(line["name"], line["seconds"], line["evaluations"], line["hessian_products"],
          line["peak_bytes"] / 1e6, line["peak_bytes"] / state, line["termination"])],
    )  # fmt: skip


def networks(bench):
    folder = os.path.dirname(bench.given.program)
    programs = ("--program", bench.given.program, "--times", os.path.join(folder, "NetworkTimes"))
    lines = bench.script("network_peers.py", *programs, "--rounds", str(bench.given.repeat))
    for line in lines:
        bench.keep("networks", line)
    show_steps([line for line in lines if line["part"] == "steps"])
    show_sizes([line for line in lines if line["part"] == "sizes"])
    show_epochs([line for line in lines if line["part"] == "epochs"])
    show_probes(lines)


def pairs(lines, *keys):
    """Lines of ours and of PyTorch for each value of the keys, in order."""
    for value in dict.fromkeys(tuple(line[key] for key in keys) for line in lines):
        chosen = [line for line in lines if tuple(line[key] for key in keys) == value and "refused" not in line]
        ours = [line for line in chosen if line["name"] == "layerpeel"]
        theirs = [line for line in chosen if line["name"] == "PyTorch"]
        if ours and theirs:
            yield value, ours, theirs


def typical(lines, key="images_per_second"):
    return statistics.median(line[key] for line in lines)


def show_steps(lines):
    show(
        "training steps, batch 128, two threads, medians of runs in turn",
        ("", "images/s", "PyTorch's best", "its settings", "times PyTorch", "peak, MB", "PyTorch's, MB"),
        [(value[0], typical(ours), typical(theirs), f"{theirs[0]['torch']}: {theirs[0]['variant']}",
          typical(ours) / typical(theirs), typical(ours, "peak_bytes") / 1e6, typical(theirs, "peak_bytes") / 1e6)
         for value, ours, theirs in pairs(lines, "network")],
    )  # fmt: skip


def show_sizes(lines):
    show(
        "ResNet-18, 32x32x3, images/s by width and batch",
        ("width", "batch", "images/s", "PyTorch", "times PyTorch", "peak, MB", "PyTorch's, MB"),
        [(*value, typical(ours), typical(theirs), typical(ours) / typical(theirs),
          typical(ours, "peak_bytes") / 1e6, typical(theirs, "peak_bytes") / 1e6)
         for value, ours, theirs in pairs(lines, "width", "batch")],
    )  # fmt: skip


def show_epochs(lines):
    show(
        "two epochs of Fashion-MNIST with loading, evaluation and, ours, probes: the whole process",
        ("", "seconds", "PyTorch, s", "times PyTorch", "PyTorch's peak, MB"),
        [(value[0], min(line["seconds"] for line in ours), min(line["seconds"] for line in theirs),
          min(line["seconds"] for line in theirs) / min(line["seconds"] for line in ours),
          typical(theirs, "peak_bytes") / 1e6)
         for value, ours, theirs in pairs(lines, "network")],
    )  # fmt: skip


def show_probes(lines):
    """A run of two epochs has three probes of the training set; the test set is counted elsewhere."""
    rows = []
    for line in lines:
        if line["part"] != "probes" or "refused" in line:
            continue
        runs = [run for run in lines if run["part"] == "epochs" and run["network"] == line["network"] and "probe_seconds" in run]
        if runs:
            probe = min(run["probe_seconds"] for run in runs) / (runs[0]["epochs"] + 1)
            forward = line["images"] / line["evaluated_per_second"]
            rows.append((line["network"], probe, forward, probe / forward))
    show("a probe, beside the forward pass of the same images", ("", "probe, s", "forward pass, s", "ratio"), rows)


def curvature(bench):
    program = os.path.join(os.path.dirname(bench.given.program), "CurvatureTimes")
    repeat = str(max(5, bench.given.repeat))
    lines = bench.script("curvature_peers.py", bench.given.folder, "--program", program, "--repeat", repeat)
    for line in lines:
        bench.keep("curvature", line)
    show(
        "lowest curvature, K=10, n=100, d=64",
        ("", "point", "seconds", "a product, ms", "lowest", "error"),
        [(line["name"], line["point"], line["lowest_seconds"], 1e3 * line["product_seconds"], line["lowest"],
          line["error"]) for line in lines],
    )  # fmt: skip


def certify(bench):
    rows = []
    for point in bench.script("make_points.py", bench.given.folder):
        lines = []
        for _ in range(bench.given.repeat):
            document, seconds, memory, _ = bench.ours("certify", point["path"], "--json", "--quiet")
            lines.append(
                bench.keep(
                    "certify",
                    {"name": point["name"], "seconds": document["cost"]["seconds"], "process_seconds": seconds,
                     "peak_bytes": memory, "verdict": document["verdict"], "gap": document["gap"]},
                )
            )  # fmt: skip
        line = least(lines)
        rows.append((line["name"], line["seconds"], line["process_seconds"], line["peak_bytes"] / 1e6, line["verdict"]))
        os.remove(point["path"])
    show("certify, K=10, N=100,000, d=512 (409.6 MB)", ("", "seconds", "with reading, s", "peak, MB", "verdict"), rows)


def proof(bench):
    rows = []
    checker = os.path.join(os.path.dirname(HERE), "Scripts", "check_proof.py")
    for classes, per_class, dim in ((10, 20, 16), (100, 20, 128)):
        point, file = bench.path("optimum.npz"), bench.path("proof.json")
        sizes = ("--classes", str(classes), "--per-class", str(per_class), "--dim", str(dim))
        bench.ours("separate", *sizes, "--save-point", point, "--json", "--quiet")
        lines = []
        for _ in range(bench.given.repeat):
            document, seconds, *_ = bench.ours("certify", point, "--proof", file, "--json", "--quiet")
            begin = time.perf_counter()
            checked = subprocess.run([sys.executable, checker, file], capture_output=True, text=True)
            lines.append(
                bench.keep(
                    "proof",
                    {"name": f"K={classes}, n={per_class}, d={dim}", "seconds": seconds,
                     "check_seconds": time.perf_counter() - begin, "bytes": os.path.getsize(file),
                     "epsilon": document["proof"]["epsilon_rounded_up"], "status": checked.returncode},
                )
            )  # fmt: skip
        line = least(lines)
        rows.append((line["name"], line["seconds"], line["check_seconds"], line["bytes"] / 1e6, line["epsilon"],
                     "accepted" if line["status"] == 0 else "refused"))
    show("proof in exact arithmetic", ("", "whole process, s", "checker, s", "file, MB", "epsilon", ""), rows)


def show(title, header, rows):
    def text(cell):
        return "" if cell is None else f"{cell:.6g}" if isinstance(cell, float) else str(cell)

    print(f"\n{title}\n\n| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(map(text, row)) + " |", flush=True)


ROWS = {"flow": flow, "small": small, "separate": separate, "network": network, "networks": networks,
        "curvature": curvature, "certify": certify, "proof": proof}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where the raw JSON lines go")
    parser.add_argument("--rows", default=",".join(ROWS), help="of " + ", ".join(ROWS))
    parser.add_argument("--program", default=os.path.join(HERE, "..", ".build", "release", "layerpeel"))
    parser.add_argument("--repeat", type=int, default=3, help="runs of each; the least time counts")
    parser.add_argument("--tune", action="store_true", help="search the peers' tolerances first")
    parser.add_argument("--limit", type=float, default=300, help="seconds that one run of a peer may take")
    given = parser.parse_args()
    if not os.access(given.program, os.X_OK):
        sys.exit(f"no program at {given.program}: run `make build`, or give --program")
    bench = Bench(given)
    for row in given.rows.split(","):
        ROWS[row](bench)
