#!/usr/bin/env bash
# scripts/parity.sh [MODEL...]: a developer's check that needs Python and a package index. Compares unitscope's activations
# and input gradients with PyTorch's (torchvision's networks with random weights, exported by both of PyTorch's exporters)
# and with TensorFlow's (a frozen graph of InceptionV1's structure with random weights). Without arguments all of them;
# the table is written to stdout and, as Markdown, to tests/README.md when all of them ran.
# The environment is kept in UNITSCOPE_PARITY_VENV (default: the user's cache folder), the program is UNITSCOPE_CLI
# (default: build/bin/unitscope-cli, built if it is not there).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
venv=${UNITSCOPE_PARITY_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/unitscope/parity}
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'torch==2.8.0' 'torchvision==0.23.0' 'onnx==1.19.1' 'onnxscript==0.7.2' numpy 'tensorflow-cpu==2.20.0'
fi
[ -x "${UNITSCOPE_CLI:-build/bin/unitscope-cli}" ] || scripts/build.sh build unitscope-cli
export OMP_NUM_THREADS=1 TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=
exec nice "$venv/bin/python" scripts/parity.py "$@"
