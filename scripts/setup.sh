#!/usr/bin/env bash
# scripts/setup.sh: makes this machine able to build unitscope. Debian 12 and 13 and current Ubuntu; run.sh and test.sh
# call it first. Installs the packages that are missing (it says which), and fetches the source of Dear ImGui, ImPlot and
# Dear ImGui Test Engine once into a cache folder. Does nothing, quickly and offline, when all is there.
#
#   --format                      also what scripts/format.sh and scripts/tidy.sh need
#   UNITSCOPE_TORCH=DIR           use this LibTorch: the distribution's is not installed
#   UNITSCOPE_IMGUI_BUNDLE=DIR    use this checkout of imgui-bundle 1.93.0: nothing is fetched
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

required=(
  ca-certificates g++ cmake ninja-build ccache python3 python3-pip        # to build, and to fetch
  libglfw3-dev libvulkan-dev glslc mesa-vulkan-drivers                    # window, GPU, a software GPU
  libstb-dev libjpeg-dev libprotozero-dev nlohmann-json3-dev              # pictures, models, JSON
  libcli11-dev libspdlog-dev libsqlite3-dev                               # command line, log, database
  libcairo2-dev                                                           # plots of reports
  catch2                                                                  # tests
)
[ -n "${UNITSCOPE_TORCH:-}" ] || required+=(libtorch-dev)
# unitscope works without these: the font, the photographs of the starter collection, what only some tests need.
optional=(fonts-inter tuxpaint-stamps-default mate-backgrounds lomiri-wallpapers-16.04 vulkan-validationlayers xvfb xauth)

for argument in "$@"; do
  case $argument in
    --format) required+=(clang-format clang-tidy) ;;
    *) echo "setup: '$argument' is not an option of scripts/setup.sh; it knows --format." >&2; exit 2 ;;
  esac
done

fail() { echo "setup: $*" >&2; exit 1; }
scratch=()  # removed at the end, however it comes
trap 'rm -rf "${scratch[@]}"' EXIT

# ---- packages ----

not_installed() {
  local installed
  installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
  for package in "$@"; do
    [[ $installed == *" installed:$package "* ]] || echo "$package"
  done
}

# Of the packages named on stdin, those that this distribution offers.
offered() {
  local names
  mapfile -t names
  [ ${#names[@]} = 0 ] || apt-cache policy "${names[@]}" |
    awk '/^[^ ]/ {name = $1} /Candidate:/ && $2 != "(none)" {sub(":$", "", name); print name}'
}

install_packages() {
  local missing wanted=() as_root=()
  mapfile -t missing < <(not_installed "${required[@]}")
  if [ ${#missing[@]} = 0 ]; then
    mapfile -t wanted < <(not_installed "${optional[@]}" | offered)
    if [ ${#wanted[@]} = 0 ]; then return; fi
  fi

  if [ "$(id -u)" != 0 ]; then
    as_root=(sudo)
    [ -t 0 ] || as_root=(sudo -n)
    if ! command -v sudo >/dev/null; then
      if [ ${#missing[@]} = 0 ]; then return; fi
      fail "these packages are missing and installing them needs root or sudo, which are not here: ${missing[*]}." \
           "Ask an administrator for: apt-get install --no-install-recommends ${missing[*]}"
    fi
  fi
  local log
  log=$(mktemp)
  scratch+=("$log")
  "${as_root[@]}" apt-get update >"$log" 2>&1 || true  # a broken foreign source need not matter: what counts comes next

  local unknown
  unknown=$(comm -23 <(printf '%s\n' "${missing[@]}" | sort) <(printf '%s\n' "${missing[@]}" | offered | sort) | xargs)
  if [ ${#missing[@]} != 0 ] && [ -n "$unknown" ]; then
    grep -hE '^(E|W|Err)' "$log" | head -n 3 >&2 || true
    local hint="Check the network and the package sources; on Ubuntu they are in 'universe'."
    [[ $unknown != *libtorch-dev* ]] || hint+=" LibTorch can also come from UNITSCOPE_TORCH=DIR (see README.md)."
    fail "the package sources of this machine do not offer ${unknown// /, }. $hint"
  fi
  mapfile -t wanted < <(not_installed "${optional[@]}" | offered)
  wanted=("${missing[@]}" "${wanted[@]}")
  echo "setup: installing with ${as_root[*]}${as_root:+ }apt-get: ${wanted[*]}"
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${wanted[@]}" \
      >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    if [ ${#missing[@]} = 0 ]; then echo "setup: going on without: ${wanted[*]}" >&2; return; fi
    fail "apt-get could not install what is missing (its last lines are above). Check the network, or run it by hand:" \
         "apt-get install --no-install-recommends ${missing[*]}"
  fi
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_packages
else
  echo "setup: this is not Debian or Ubuntu; nothing is installed. What is needed, by Debian's names: ${required[*]}" >&2
fi

# ---- Dear ImGui, ImPlot, Dear ImGui Test Engine ----

imgui_version=1.93.0
imgui_sha256=10ad1dab8258a6787b4f07bb926b08d0efc648a7906242568c8dd778c5e719bf
parts=(external/imgui/imgui external/implot/implot external/imgui_test_engine/imgui_test_engine)

fetch_imgui() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/unitscope
  local bundle=$cache/imgui-bundle-$imgui_version
  [ ! -d "$bundle" ] || return 0
  echo "setup: fetching the source of Dear ImGui and ImPlot (imgui-bundle $imgui_version, 54 MB) into $bundle"
  mkdir -p "$cache"
  local work
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  scratch+=("$work")
  # pip checks the hash before it looks into the file. Only this one package as source: with all, pip compiles CMake.
  echo "imgui-bundle==$imgui_version --hash=sha256:$imgui_sha256" >"$work/requirements.txt"
  if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary imgui-bundle --require-hashes \
      --dest "$work" --requirement "$work/requirements.txt" >"$work/log" 2>&1; then
    if grep -q 'DO NOT MATCH THE HASHES' "$work/log"; then
      fail "the source of imgui-bundle $imgui_version does not have the expected sha256 ($imgui_sha256), so it was not used." \
           "Try another network, or give a checkout that you trust as UNITSCOPE_IMGUI_BUNDLE=DIR."
    fi
    grep -h '^ERROR' "$work/log" | tail -n 2 >&2 || true
    fail "imgui-bundle $imgui_version could not be fetched from the Python package index. Check the network and try again," \
         "or give a checkout of it as UNITSCOPE_IMGUI_BUNDLE=DIR."
  fi
  mkdir "$work/unpacked"
  tar -xzf "$work/imgui_bundle-$imgui_version.tar.gz" -C "$work/unpacked" --strip-components=1 --no-same-owner \
    "${parts[@]/#/imgui_bundle-$imgui_version/}" || fail "imgui_bundle-$imgui_version.tar.gz could not be unpacked into $work."
  mv -T "$work/unpacked" "$bundle" 2>/dev/null || [ -d "$bundle" ] || fail "$bundle could not be written."
}

if [ -z "${UNITSCOPE_IMGUI_BUNDLE:-}" ]; then
  fetch_imgui
else
  for part in "${parts[@]:0:2}"; do
    [ -d "$UNITSCOPE_IMGUI_BUNDLE/$part" ] ||
      fail "UNITSCOPE_IMGUI_BUNDLE=$UNITSCOPE_IMGUI_BUNDLE has no folder $part: it must be a checkout of imgui-bundle $imgui_version."
  done
fi
