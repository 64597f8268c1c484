#!/usr/bin/env bash
# scripts/fetch_models.sh [inception-v1]: downloads Lucid's InceptionV1, the network of the circuits articles and of the
# occlusion study, into the user's data folder (UNITSCOPE_MODELS overrides it), checks it layer by layer, and writes the
# JSON beside it that says how pictures are fed. It is used only when every check passed; nothing half-written is left.
# UNITSCOPE_INCEPTION_V1_URL, UNITSCOPE_INCEPTION_V1_ZIP_URL and UNITSCOPE_LABELS_URL name other places to copy from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "fetch_models: $*" >&2; }
model=${1:-inception-v1}
if [ $# -gt 1 ] || [ "$model" != inception-v1 ]; then
  say "there is no model named $model; the one that can be fetched is inception-v1"
  exit 2
fi
graph_url=${UNITSCOPE_INCEPTION_V1_URL:-https://storage.googleapis.com/modelzoo/vision/other_models/InceptionV1.pb}
zip_url=${UNITSCOPE_INCEPTION_V1_ZIP_URL:-https://storage.googleapis.com/download.tensorflow.org/models/inception5h.zip}
labels_url=${UNITSCOPE_LABELS_URL:-https://storage.googleapis.com/modelzoo/labels/ImageNet_alternate.txt}
cli=${UNITSCOPE_CLI:-build/bin/unitscope-cli}
folder=${UNITSCOPE_MODELS:-${XDG_DATA_HOME:-$HOME/.local/share}/unitscope/models}
if [ ! -x "$cli" ]; then
  say "$cli is not there and the model cannot be checked without it; build it with scripts/build.sh build unitscope-cli"
  exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
download() {  # URL FILE
  if command -v curl >/dev/null; then
    curl --fail --silent --location --connect-timeout 15 --max-time 900 --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --quiet --timeout=15 --tries=1 --output-document="$2" "$1"
  else
    python3 -c 'import sys, urllib.request; open(sys.argv[2], "wb").write(urllib.request.urlopen(sys.argv[1], timeout=15).read())' "$1" "$2" 2>/dev/null
  fi
}

unzip_graph() {  # ZIP FILE
  python3 -c 'import sys, zipfile; open(sys.argv[2], "wb").write(zipfile.ZipFile(sys.argv[1]).read("tensorflow_inception_graph.pb"))' \
    "$1" "$2" 2>/dev/null
}
checked() { problem=$(python3 scripts/check_inception_v1.py "$cli" "$work/InceptionV1.pb" 2>&1); }

# The first source, or the second one; whichever it is passes the same checks.
found= problem=
if download "$graph_url" "$work/InceptionV1.pb" && checked; then
  found=$graph_url
elif download "$zip_url" "$work/inception5h.zip" && unzip_graph "$work/inception5h.zip" "$work/InceptionV1.pb" && checked; then
  found=$zip_url
elif [ -n "$problem" ]; then
  say "what was fetched is not InceptionV1, and nothing was written: ${problem#*: }"
  exit 1
else
  say "InceptionV1 could not be fetched from $graph_url nor from $zip_url, and nothing was written; check the network connection, or copy the file by hand and name it with UNITSCOPE_INCEPTION_V1_URL=file:///…"
  exit 1
fi
if ! download "$labels_url" "$work/labels.txt"; then
  say "the labels could not be fetched from $labels_url, and nothing was written; check the network connection and try again"
  exit 1
fi
python3 scripts/check_inception_v1.py --sidecar "$work/labels.txt" "$found" "$work/InceptionV1.json"
"$cli" info "$work/InceptionV1.pb" --json >/dev/null

mkdir -p "$folder"
sum=$(sha256sum "$work/InceptionV1.pb" | cut -d' ' -f1)
if [ -f "$folder/SHA256SUMS" ] && ! grep -q "$sum" "$folder/SHA256SUMS"; then
  say "note: an earlier download had another SHA-256 (see $folder/SHA256SUMS); this file passed every check and replaces it"
fi
cp "$work/InceptionV1.json" "$folder/.InceptionV1.json.part"
cp "$work/InceptionV1.pb" "$folder/.InceptionV1.pb.part"
mv "$folder/.InceptionV1.json.part" "$folder/InceptionV1.json"
mv "$folder/.InceptionV1.pb.part" "$folder/InceptionV1.pb"
echo "$sum  InceptionV1.pb" >"$folder/SHA256SUMS"
echo "$folder/InceptionV1.pb"
echo "sha256 $sum, from $found"
