#!/usr/bin/env bash
# Builds and runs wonder from a checkout. `./install.sh help` lists what it can do.
set -euo pipefail
cd "$(dirname "$0")"

# The libraries that wonder links, what a compiler needs to link anything, and what the toolchain's own programs load.
packages=(
  libcurl4-openssl-dev libjpeg62-turbo-dev libpng-dev libsqlite3-dev zlib1g-dev
  binutils gcc libc6-dev libstdc++-12-dev pkg-config
  ca-certificates curl git libedit2 libncurses6 libxml2 tzdata
)

# What only the tests call: strace sees the order of system calls, mount makes a small disk.
test_packages=(mount strace tar util-linux)

usage() {
  cat <<'TEXT'
usage: ./install.sh run [serve options]   install what the build needs, build, and serve on 127.0.0.1:8080
       ./install.sh test                  install what the tests need, and run them
       ./install.sh build                 install what the build needs, and build the release binary
       ./install.sh help                  this text
TEXT
}

say() { printf 'install.sh: %s\n' "$*" >&2; }

give_up() {
  say "$*"
  exit 2
}

need_swift() {
  command -v swift >/dev/null 2>&1 || give_up "swift is not on the PATH; install a Swift 6.3 toolchain (swift.org/install)"
  local version
  version=$(swift --version 2>&1 || true)
  case "$version" in
    *"Swift version "*) ;;
    *) give_up "swift does not start: $version" ;;
  esac
  version=$(printf '%s' "$version" | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
  local major=${version% *} minor=${version#* }
  if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
    give_up "Swift 6.3 or newer is needed, and this is ${version/ /.}"
  fi
}

need_packages() {
  local missing=() name
  for name in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null 2>&1 || give_up "these Debian packages are needed, and there is no apt-get: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || give_up "as root, first run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq || say "the package lists could not be updated; trying with those that are here"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null || give_up "apt-get could not install: ${missing[*]}"
}

# Hardened, and without a build id, which would depend on the folder.
release_options=(
  -c release --static-swift-stdlib --product wonder
  -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now -Xlinker --build-id=none
  -Xcc -fstack-protector-strong
)

# Takes the symbols away, and the hashes of the modules, which depend on the folder: the program is then the same
# wherever it is built. They are overwritten, because GNU strip loses the read-only relocations when it removes a section.
strip_program() {
  local size
  size=$(readelf -SW "$1" | sed -n 's/.*\.swift_modhash *PROGBITS *[0-9a-f]* *[0-9a-f]* *\([0-9a-f]*\).*/\1/p')
  head -c "$((16#$size))" /dev/zero >"$1.zeros"
  objcopy --strip-all --update-section .swift_modhash="$1.zeros" "$1"
  rm "$1.zeros"
}

build_release() {
  need_packages
  need_swift
  say "building (one to three minutes the first time)"
  swift build "${release_options[@]}"
  mkdir -p .build/bin
  cp "$(swift build "${release_options[@]}" --show-bin-path)/wonder" .build/bin/wonder.new
  strip_program .build/bin/wonder.new
  mv .build/bin/wonder.new .build/bin/wonder
  local size
  size=$(stat -c %s .build/bin/wonder)
  [ "$size" -lt 20000000 ] || give_up "the stripped binary has $size bytes, more than the 20 MB that were promised"
  say "built .build/bin/wonder ($((size / 1024)) KiB)"
}

run_server() {
  build_release
  coproc SERVER { exec .build/bin/wonder serve --data ./wonder-data "$@"; }
  local server=$SERVER_PID ready
  trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM
  if ! IFS= read -r ready <&"${SERVER[0]}"; then
    wait "$server" || exit $?
  fi
  printf '%s\n\n' "$ready"
  .build/bin/wonder quickstart --data ./wonder-data "$@"
  # A signal ends the first wait early; the server then still finishes what it runs.
  wait "$server" || wait "$server"
}

run_tests() {
  packages+=("${test_packages[@]}")
  need_packages
  need_swift
  swift build -c debug
  swift format lint --strict -r Sources Tests Package.swift
  swift test --disable-swift-testing "$@"
}

case "${1:-help}" in
  run) shift && run_server "$@" ;;
  test) shift && run_tests "$@" ;;
  build) build_release ;;
  help | --help | -h) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
