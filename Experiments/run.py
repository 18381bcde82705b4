#!/usr/bin/env python3
"""Runs experiments that are not finished yet, and keeps what is small of their results.

    Experiments/run.py                              names, states, minutes
    Experiments/run.py fashion-mnist-mlp-seed0      one of them
    Experiments/run.py all                          all, shortest first: hours
    Experiments/run.py all --quick                  all at a tiny size, elsewhere: does everything work?

Each is one `layerpeel train --run FOLDER` under ${LAYERPEEL_HOME:-~/.local/share/layerpeel}/experiments.
What was stopped, by Ctrl-C or kill -9 or at the mains, goes on from its last epoch when it is run again.
Then results/NAME.csv (the probes) and results/NAME.log (commands and terminal output) are written.

Exit status: 0 all done; 1 one could not be run; 64 an unknown name; 130 interrupted.
"""

import argparse
import difflib
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys

from experiments import all_experiments

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = """epoch train_loss train_error test_loss test_error log_loss margin_ratio balanced_margin_ratio
    nonnegative_margin_ratio_ceiling margin_quantiles.q00 margin_quantiles.q50 margin_quantiles.q100 nc0 nc1_trace
    nc1_within nc2_means_norm nc2_means_angle nc2_weights_angle_centered nc2_means_etf nc3_duality
    nc3_duality_centered nc4_mismatch alignment.features alignment.explained alignment.class_mean_part
    alignment.classifier""".split()  # fmt: skip


class Run:
    """One experiment's folder outside the tree, and its results in it."""

    def __init__(self, experiment, given):
        self.experiment, self.given = experiment, given
        self.folder = given.folder / experiment.name
        self.run, self.output, self.commands = (self.folder / n for n in ("run", "output.txt", "commands.txt"))
        self.csv, self.log = (given.results / f"{experiment.name}.{kind}" for kind in ("csv", "log"))

    def trajectory(self):
        try:
            return json.loads((self.run / "trajectory.json").read_text())
        except (OSError, ValueError):
            return None

    def is_finished(self):
        """Whether it ran to its end, be it that of a training that diverged."""
        trajectory = self.trajectory()
        return trajectory is not None and trajectory["termination"] in ("epochs", "diverged")

    def state(self):
        if self.csv.exists() and self.log.exists():
            return "done"
        if self.is_finished():
            return "done, results to be written"
        if not (self.run / "run.json").exists():
            return "not begun"
        log = self.run / "log.txt"
        lines = log.read_text().splitlines() if log.exists() else []
        return f"stopped or running, after epoch {lines[-1].split('epoch ')[1].split(':')[0]}" if lines else "begun"

    def go(self):
        """Begins or goes on, then keeps the results; the exit status of the last command."""
        status = 0 if self.is_finished() else self.train()
        if self.is_finished():
            self.keep()
            return 0
        return status

    def train(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.run / "run.json").exists():
            options = ["--resume", str(self.run)]
        else:
            arguments = self.experiment.arguments(self.given.data_folders, self.given.threads, self.given.quick)
            options = [*arguments, "--run", str(self.run)]
        with open(self.commands, "a") as commands:
            commands.write(f"$ {self.sanitized(shlex.join(['layerpeel', 'train', *options]))}\n")
        # To a file and in a session of its own, so that a training outlives whoever watches it.
        with open(self.output, "w") as output:
            process = subprocess.Popen([self.given.program, "train", *options], stdout=output, start_new_session=True)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # The first ends it in order, the second at once.
                process.send_signal(signal.SIGINT)

    def keep(self):
        self.given.results.mkdir(parents=True, exist_ok=True)
        write(self.csv, table(self.experiment.name, self.trajectory()))
        write(self.log, self.commands.read_text() + self.sanitized(self.output.read_text()))

    def sanitized(self, text):
        """Without the folders of this machine."""
        for data, folder in self.given.data_folders.items():
            text = text.replace(folder, data.upper().replace("-", "_"))
        return text.replace(str(self.run), f"RUNS/{self.experiment.name}").replace(str(pathlib.Path.home()), "~")


def write(path, text):
    """As a whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    new.replace(path)


def table(name, trajectory):
    """The probes as CSV, seven digits, below comments on what was asked and what was executed."""
    settings = {key: value for key, value in trajectory["settings"].items() if key != "source"}
    executed = settings.pop("executed")
    lines = [f"# name: {name}", f"# version: {trajectory['version']}", f"# termination: {trajectory['termination']}"]
    lines += [f"# {title}: {json.dumps(value, sort_keys=True, ensure_ascii=False)}"
              for title, value in (("settings", settings), ("executed", executed))]  # fmt: skip
    lines.append(",".join(COLUMNS))
    lines += [",".join(cell(point, column) for column in COLUMNS) for point in trajectory["points"]]
    return "\n".join(lines) + "\n"


def cell(point, column):
    head, _, tail = column.partition(".")
    value = point[head][tail] if tail else point.get(column, point["metrics"].get(column))
    return "" if value is None else f"{value:.7g}"


def program(named):
    """The program, where it was built or on the PATH."""
    for path in [named] if named else [HERE.parent / ".build/release/layerpeel", "layerpeel"]:
        try:
            subprocess.run([path, "--version"], stdout=subprocess.DEVNULL, check=True)
            return str(path)
        except OSError:
            continue
    sys.exit("run.py: no layerpeel here; `make build`, or name it with --program")


def arguments():
    home = pathlib.Path(os.environ.get("LAYERPEEL_HOME") or pathlib.Path.home() / ".local/share/layerpeel")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="experiments, or beginnings of their names, or all; none lists them")
    parser.add_argument("--program", help="layerpeel (default: .build/release/layerpeel, then the PATH)")
    parser.add_argument("--mnist", default=os.environ.get("LAYERPEEL_MNIST"), metavar="DIR",
                        help="MNIST's four files (default: $LAYERPEEL_MNIST, then where data sets are looked for)")  # fmt: skip
    parser.add_argument("--folder", type=pathlib.Path, help=f"where runs are kept (default: {home}/experiments)")
    parser.add_argument("--threads", type=int, default=2, help="for networks; a run keeps its number (default: 2)")
    parser.add_argument("--quick", action="store_true", help="20 images a class, 3 epochs, results beside the runs")
    given = parser.parse_args()
    given.folder = (given.folder or home / ("experiments-quick" if given.quick else "experiments")).resolve()
    given.results = given.folder / "results" if given.quick else HERE / "results"
    given.data_folders = {"mnist": os.path.abspath(given.mnist)} if given.mnist else {}
    return given


def chosen(names):
    experiments = all_experiments()
    found = {}
    for name in names or ["all"]:
        matching = experiments if name == "all" else {key: value for key, value in experiments.items() if key == name} or {
            key: value for key, value in experiments.items() if key.startswith(name)}  # fmt: skip
        if not matching:
            near = difflib.get_close_matches(name, experiments, 1, 0)
            print(f"run.py: no experiment is called {name}; nearest is {near[0]}; without a name they are listed", file=sys.stderr)
            sys.exit(64)
        found |= matching
    return sorted(found.values(), key=lambda experiment: experiment.minutes())


def main():
    given = arguments()
    experiments = chosen(given.names)
    if not given.names:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        for experiment in experiments:
            print(f"{experiment.name:38}{experiment.minutes():6.0f} min   {Run(experiment, given).state()}")
        return 0
    given.program = program(given.program)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    failed = 0
    for experiment in experiments:
        run = Run(experiment, given)
        if run.state() == "done":
            continue
        print(experiment.name + ("" if given.quick else f", about {experiment.minutes():.0f} min"), flush=True)
        status = run.go()
        if status in (130, -signal.SIGINT):
            print(f"{experiment.name} was interrupted; run it again, and it goes on", file=sys.stderr)
            return 130
        print(run.log.read_text() if status == 0 else f"{experiment.name}: status {status}, as said above", flush=True)
        failed += status != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
