#!/usr/bin/env bash
# scripts/test.sh [--sanitize] [--fast] [--werror] [options of ctest]: sets this machine up, builds, and runs the tests.
#   --sanitize   under AddressSanitizer and UBSan, then the threaded tests that need no LibTorch under ThreadSanitizer
#   --fast       only the tests that need neither LibTorch nor a GPU
#   --logic      of those only the ones without Dear ImGui: base, core, data, net_graph, engine
#   --werror     warnings are errors
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sanitize=0
werror=OFF
targets=(all)
ctest_options=(--output-on-failure --parallel 2)
for argument in "$@"; do
  case $argument in
    --sanitize) sanitize=1 ;;
    --fast) targets=(tests_fast); ctest_options+=(--label-regex '^fast$') ;;
    --logic)
      targets=(base_tests core_tests data_tests net_graph_tests engine_tests)
      ctest_options+=(--tests-regex '^(base|core|data|net_graph|engine)_tests$' --no-tests=error) ;;
    --werror) werror=ON ;;
    *) ctest_options+=("$argument") ;;
  esac
done

scripts/setup.sh
if [ $sanitize = 0 ]; then
  scripts/build.sh build -DUNITSCOPE_WERROR=$werror "${targets[@]}"
  exec ctest --test-dir build "${ctest_options[@]}"
fi

# ThreadSanitizer needs its usual addresses free; where the kernel moves things about too freely, it is asked not to.
steady=()
if setarch "$(uname -m)" -R true 2>/dev/null; then steady=(setarch "$(uname -m)" -R); fi
scripts/build.sh build-tsan -DUNITSCOPE_WERROR=$werror -DUNITSCOPE_SANITIZE=thread base_tests engine_tests
"${steady[@]}" ctest --test-dir build-tsan --output-on-failure --tests-regex '^(base|engine)_tests$' --no-tests=error

scripts/build.sh build-sanitize -DUNITSCOPE_WERROR=$werror -DUNITSCOPE_SANITIZE=address,undefined "${targets[@]}"
exec ctest --test-dir build-sanitize "${ctest_options[@]}"
