#!/usr/bin/env python3
"""Prints what the experiments found as a Markdown table, from results/*.csv.

    Experiments/table.py [FOLDER]        another folder of results
    Experiments/table.py --write         replaces the table between the markers in README.md

Each metric has three numbers: untrained, at the first epoch of zero training error, at the end.
Direction: each is lower at the end than at zero error. Depth: each ends below half its untrained value.
These are the two parts of the criterion of `layerpeel reproduce`. A metric that does not is named.
"""

import argparse
import csv
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
METRICS = {"nc1": "nc1_trace", "nc2": "nc2_means_angle", "nc3": "nc3_duality_centered"}
HEADING = ["run", "epochs", "zero error", "test %", *METRICS, "direction", "depth"]
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


class Result:
    """One file: comments as JSON where they are, rows of numbers."""

    def __init__(self, path):
        lines = path.read_text().splitlines()
        comments = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
        self.name, self.termination = comments["name"], comments["termination"]
        self.executed = json.loads(comments["executed"])
        self.rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))

    @property
    def zero_epoch(self):
        return self.executed["zero_error_epoch"]

    def three(self, metric):
        """Untrained, at zero error, at the end; None where there is no such number."""
        first = next((row for row in self.rows if row["epoch"] == "0"), None)
        zero = next((row for row in self.rows if row["epoch"] == str(self.zero_epoch)), None)
        return [float(row[metric]) if row and row[metric] else None for row in (first, zero, self.rows[-1])]

    def cells(self):
        threes = {short: self.three(metric) for short, metric in METRICS.items()}
        epochs = str(self.executed["epochs"]) + (", diverged" if self.termination == "diverged" else "")
        test = self.rows[-1]["test_error"]
        return [
            self.name, epochs, "never" if self.zero_epoch is None else str(self.zero_epoch),
            f"{100 * float(test):.2f}" if test else "–",
            *(" → ".join("–" if number is None else f"{number:.4g}" for number in three) for three in threes.values()),
            verdict({short: None if None in (end, zero) else end < zero for short, (_, zero, end) in threes.items()}),
            verdict({short: None if None in (end, first) else end < first / 2 for short, (first, _, end) in threes.items()}),
        ]  # fmt: skip


def verdict(answers):
    """Yes, or which metrics do not."""
    if None in answers.values():
        return "–"
    return "yes" if all(answers.values()) else "not " + ", ".join(short for short, holds in answers.items() if not holds)


def markdown(results):
    rows = [HEADING, ["---"] * len(HEADING), *(result.cells() for result in results)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=HERE / "results")
    parser.add_argument("--write", action="store_true", help="into README.md instead of standard output")
    given = parser.parse_args()
    paths = sorted(given.folder.glob("*.csv"))
    if not paths:
        sys.exit(f"table.py: no results in {given.folder}; run.py writes them")
    text = markdown([Result(path) for path in paths])
    if not given.write:
        print(text, end="")
        return
    readme = HERE / "README.md"
    before, _, rest = readme.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


if __name__ == "__main__":
    main()
