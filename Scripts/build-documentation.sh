#!/usr/bin/env bash
# Builds the documentation of the modules named, warnings being errors: build folder, then modules.
# Sites go to FOLDER/MODULE.doccarchive.
set -euo pipefail
folder=$1
shift
graphs=$PWD/$folder/symbol-graphs
mkdir -p "$graphs"
swift build -c release --scratch-path "$folder" --product layerpeel \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$graphs"
for module in "$@"; do
  own=$folder/graphs-$module
  rm -rf "$own" && mkdir -p "$own"
  cp "$graphs/$module.symbols.json" "$own/"
  catalog=Sources/$module/$module.docc
  docc convert $([ -d "$catalog" ] && echo "$catalog") \
    --additional-symbol-graph-dir "$own" --output-path "$folder/$module.doccarchive" \
    --fallback-display-name "$module" --fallback-bundle-identifier "layerpeel.$module" \
    --warnings-as-errors
done
