#!/usr/bin/env bash
# Makes the virtual environment in which the peers live, outside the tree, and prints its Python.
#
#     Benchmarks/peers.sh              # ~/.cache/layerpeel-peers, or $LAYERPEEL_PEERS
#
# Running it again changes nothing unless a package is missing. Set PYTHON to choose the
# interpreter that makes the environment.
set -euo pipefail

room="${LAYERPEEL_PEERS:-$HOME/.cache/layerpeel-peers}"
python="$room/bin/python"

have() { "$python" -c "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))" "$@"; }
pip() { "$python" -m pip install --quiet --disable-pip-version-check "$@" >&2; }

[ -x "$python" ] || "${PYTHON:-python3}" -m venv "$room"

have numpy scipy mpmath jax diffrax sksundae safetensors ||
  pip numpy scipy mpmath jax diffrax scikit-sundae safetensors

# The build without CUDA is a tenth of the download; where pip cannot find it, the plain one.
have torch || pip 'torch==2.13.0+cpu' || pip torch

# Other allocators make PyTorch faster at times; where they cannot be had, it is measured without them.
root=()
[ "$(id -u)" = 0 ] || root=(sudo -n)
for package in libjemalloc2 libtcmalloc-minimal4; do
  dpkg -s "$package" >/dev/null 2>&1 || "${root[@]}" apt-get install -y -qq "$package" >&2 ||
    echo "peers.sh: no $package; measuring without it" >&2
done

have numpy scipy mpmath jax diffrax sksundae safetensors torch
echo "$python"
