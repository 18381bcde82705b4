#!/usr/bin/env python3
"""Fetches plotly.js for interactive figures: once, into the data home, checked by its sum.

PyPI's `plotly` wheel holds it. Without pip or network this says so and exits 0: reports then have
their still pictures alone. Needs Python's standard library only, and pip to download.
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

WHEEL = "plotly==6.3.0"  # plotly.js 3.1.0, MIT
WHEEL_SUM = "7ad806edce9d3cdd882eaebaf97c0c9e252043ed1ed3d382c3e3520ec07806d4"
MEMBER = "plotly/package_data/plotly.min.js"
MEMBER_SUM = "122e3be346d66616944d0b83eaaf7242581508c3c1cfa0995a17af0d83eff770"


def data_home() -> pathlib.Path:
    """As the program finds it: LAYERPEEL_HOME, or `layerpeel` in the user's data directory."""
    if os.environ.get("LAYERPEEL_HOME"):
        return pathlib.Path(os.environ["LAYERPEEL_HOME"])
    if os.environ.get("XDG_DATA_HOME"):
        return pathlib.Path(os.environ["XDG_DATA_HOME"]) / "layerpeel"
    if os.environ.get("HOME"):
        return pathlib.Path(os.environ["HOME"]) / ".local/share/layerpeel"
    return pathlib.Path("layerpeel-data")


def is_sum(data: bytes, expected: str) -> bool:
    return hashlib.sha256(data).hexdigest() == expected


def download(folder: str) -> bytes:
    """The wheel's bytes, through the user's own pip."""
    command = [sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "--only-binary=:all:"]
    command += ["--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=20", "-d", folder]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    wheels = list(pathlib.Path(folder).glob("*.whl"))
    if result.returncode != 0 or not wheels:
        lines = result.stderr.strip().splitlines()
        raise OSError(lines[-1] if lines else "pip ended without a wheel")
    return wheels[0].read_bytes()


def fetch(target: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = download(folder)
        if not is_sum(wheel, WHEEL_SUM):
            raise OSError(f"the wheel of {WHEEL} is not the one expected")
        path = pathlib.Path(folder) / "plotly.whl"
        path.write_bytes(wheel)
        with zipfile.ZipFile(path) as archive:
            script = archive.read(MEMBER)
    if not is_sum(script, MEMBER_SUM):
        raise OSError(f"{MEMBER} is not the one expected")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(script)
    partial.replace(target)


def main() -> None:
    target = data_home() / "plotly" / "plotly.min.js"
    try:
        if target.exists() and is_sum(target.read_bytes(), MEMBER_SUM):
            return
        fetch(target)
        print(f"plotly.js is in {target}")
    except (OSError, KeyError, subprocess.SubprocessError, zipfile.BadZipFile) as error:
        print(f"make deps: no plotly.js, so reports have still pictures alone: {error}", file=sys.stderr)


main()
