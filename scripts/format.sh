#!/usr/bin/env bash
# scripts/format.sh [--check]: formats our C++ with clang-format, or says which files are not formatted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
options=(-i)
[ "${1:-}" != --check ] || options=(--dry-run -Werror)
git ls-files -z --cached --others --exclude-standard 'src/*.h' 'src/*.cpp' 'tests/*.h' 'tests/*.cpp' |
  xargs -0 clang-format "${options[@]}"
