#!/usr/bin/env bash
# scripts/run.sh [options of unitscope]: sets this machine up, builds unitscope, makes the starter pictures and starts it.
# With no display it plays a short tour offscreen instead: PNGs and a summary in out/tour/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh
scripts/build.sh build unitscope unitscope-cli

starter=${UNITSCOPE_STARTER:-${XDG_DATA_HOME:-$HOME/.local/share}/unitscope/starter}
if [ ! -f "$starter/collection.csv" ]; then
  if build/bin/unitscope-cli collection starter "$starter"; then
    # What the window ranks pictures by, and what it begins with, is known when it opens.
    build/bin/unitscope-cli collection scan "$starter" || true
  else
    echo "run: there are no starter pictures; drop a folder of your own on the window instead." >&2
  fi
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [[ " $* " == *" --offscreen "* ]]; then
  exec build/bin/unitscope "$@"
fi
echo "run: no display here (DISPLAY and WAYLAND_DISPLAY are empty): playing the tour offscreen into out/tour/."
build/bin/unitscope --offscreen --script assets/tour.json --out out/tour "$@"
echo "run: out/tour/ holds:"
ls out/tour
