#!/usr/bin/env bash
# scripts/build.sh DIR [-DNAME=VALUE...] [TARGET...]: configures the build folder DIR and builds the targets (default: all).
# UNITSCOPE_TORCH and UNITSCOPE_IMGUI_BUNDLE as in scripts/setup.sh; UNITSCOPE_JOBS limits how many compilers run at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:?usage: scripts/build.sh DIR [-DNAME=VALUE...] [TARGET...]}
shift
definitions=()
while [[ ${1:-} == -D* ]]; do definitions+=("$1"); shift; done

# ccache and a precompiled header go together only with these.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

# A compiler that reads LibTorch's headers takes up to 2 GB.
memory_gb=$(awk '/MemTotal/ {print int($2 / 1048576)}' /proc/meminfo)
jobs=$(nproc)
[ "$jobs" -le $((memory_gb / 2 + 1)) ] || jobs=$((memory_gb / 2 + 1))

log=$(mktemp)
cmake -S . -B "$folder" -G Ninja -DUNITSCOPE_TORCH="${UNITSCOPE_TORCH:-}" \
  -DUNITSCOPE_IMGUI_BUNDLE="${UNITSCOPE_IMGUI_BUNDLE:-}" "${definitions[@]}" >"$log" 2>&1 || { cat "$log" >&2; rm "$log"; exit 1; }
rm "$log"
exec cmake --build "$folder" -j "${UNITSCOPE_JOBS:-$jobs}" ${1:+--target "$@"}
