#!/usr/bin/env bash
# Measures the program beside its peers and prints the table; see compare.py for what it takes.
#
#     make build && Benchmarks/run.sh FOLDER [--rows flow,small,separate,network,networks,curvature,certify,proof] [--repeat 3] [--tune]
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 64; }

here="$(cd "$(dirname "$0")" && pwd)"
python="$("$here/peers.sh")"
for product in CurvatureTimes NetworkTimes; do swift build -c release --product "$product" >&2; done
exec "$python" "$here/compare.py" "$@"
