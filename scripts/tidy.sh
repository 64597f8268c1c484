#!/usr/bin/env bash
# scripts/tidy.sh [FILE.cpp...]: runs clang-tidy on these files, or on the .cpp files that differ from the main branch's
# last commit. Its own build folder has no precompiled header, which clang could not read.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
files=("$@")
if [ ${#files[@]} = 0 ]; then
  mapfile -t files < <({ git diff --name-only --diff-filter=d HEAD; git ls-files --others --exclude-standard; } |
    grep -E '^(src|tests)/.*\.cpp$' || true)
fi
if [ ${#files[@]} = 0 ]; then echo "tidy: no .cpp file differs from the last commit; name the files to check."; exit 0; fi
cmake -S . -B build-tidy -G Ninja -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DUNITSCOPE_TORCH="${UNITSCOPE_TORCH:-}" \
  -DUNITSCOPE_IMGUI_BUNDLE="${UNITSCOPE_IMGUI_BUNDLE:-}" >/dev/null
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P 2 clang-tidy -p build-tidy --quiet --warnings-as-errors='*'
