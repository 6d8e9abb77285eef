#!/usr/bin/env bash
# Builds, runs, tests and installs wonder from a checkout. `./install.sh help` lists what it can do.
set -euo pipefail
cd "$(dirname "$0")"

# The C++ library of this release's compiler.
case "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null)" in
  trixie) cxx=libstdc++-14-dev ;;
  *) cxx=libstdc++-12-dev ;;
esac

# The libraries that wonder links, what a compiler needs to link anything, and what the toolchain's own programs load.
packages=(
  libcurl4-openssl-dev libjpeg62-turbo-dev libpng-dev libsqlite3-dev zlib1g-dev
  binutils gcc libc6-dev "$cxx" pkg-config
  ca-certificates curl git libedit2 libncurses6 libxml2 tzdata
)

# What only making a package calls.
package_tools=(dpkg-dev)

# What only making an image for containers calls.
image_tools=(dpkg-dev mmdebstrap)

# What only the tests call: strace sees the order of system calls, mount makes a small disk, qpdf rearranges documents.
test_packages=(mount qpdf strace tar util-linux)

usage() {
  cat <<'TEXT'
usage: ./install.sh run [serve options]   install what the build needs, build, and serve on 127.0.0.1:8080
       ./install.sh test                  install what the tests need, and run them
       ./install.sh needs                 install what the build and the tests need, and no more
       ./install.sh build                 install what the build needs, and build the release binary
       ./install.sh deb                   build, and make packaging/out/wonder_VERSION_ARCH.deb
       ./install.sh oci [PACKAGE...]      the same, and packaging/out/wonder_VERSION_ARCH.oci.tar, an image for containers, with
                                          PACKAGEs of Debian beside it whose programs shall be called, such as qpdf
       ./install.sh install [FILE.deb]    install the package: FILE or one beside this script after checking it against
                                          SHA256SUMS, else one made of this checkout; starts the service
       ./install.sh uninstall             remove the package; data and settings stay
       ./install.sh help                  this text

install and uninstall take
       --user      for this user alone and without root: ~/.local/bin, ~/.config/wonder, ~/.local/share/wonder, a user unit
       --purge     (uninstall) delete data and settings, too
       --dry-run   print each step instead of doing it
TEXT
}

say() { printf 'install.sh: %s\n' "$*" >&2; }

# Prints a step and does it; with --dry-run it only prints.
step() {
  printf '+ %s\n' "$*" >&2
  [ -n "$dry_run" ] || "$@"
}

# The last words, which are true only when something was done.
done_with() { [ -n "$dry_run" ] || say "$@"; }

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

# In a folder of its own, so that both kinds of build may go on at once. Hardened, and without a build id, which would
# depend on the folder; with nothing exported and packed relocations, which glibc reads since 2.36 and which take two
# megabytes off; functions of the same code are one, and there is no index of who would catch a C++ exception, for none is
# thrown: half a megabyte.
release_options=(
  -c release --scratch-path .build/shipped --static-swift-stdlib --product wonder
  -Xswiftc -use-ld=lld -Xlinker --version-script=packaging/exports.map -Xlinker -z -Xlinker pack-relative-relocs
  -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now -Xlinker --build-id=none -Xlinker --icf=all -Xlinker --no-eh-frame-hdr
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
  say "building (the first time two minutes on two fast cores, up to ten on slow ones)"
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
  printf '%s\n' "$ready"
  # What follows is for the reader as well: the link by which the first administrator signs in. A command in the background
  # has no descriptors of a coprocess, but copies of them.
  local rest
  exec {rest}<&"${SERVER[0]}"
  cat <&"$rest" &
  printf '\n'
  .build/bin/wonder quickstart --data ./wonder-data "$@"
  # A signal ends the first wait early; the server then still finishes what it runs.
  wait "$server" || wait "$server"
}

need_for_tests() {
  packages+=("${test_packages[@]}")
  need_packages
  need_swift
}

run_tests() {
  need_for_tests
  swift build -c debug
  swift format lint --strict -r Sources Tests Package.swift
  swift test --disable-swift-testing "$@"
}

make_deb() {
  packages+=("${package_tools[@]}")
  step build_release
  step packaging/build-deb.sh
}

# The one that was built last, which need not be the newest that lies there.
built_deb() { [ ! -f packaging/out/SHA256SUMS ] || sed 's|^[0-9a-f]* *|packaging/out/|' packaging/out/SHA256SUMS | tail -n 1; }

make_image() {
  packages+=("${image_tools[@]}")
  step build_release
  step packaging/build-deb.sh
  deb=$(built_deb)
  step packaging/build-oci.sh "${deb:-packaging/out/wonder_VERSION_ARCH.deb}" "$@"
}

# As root or with sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then step "$@"; else step sudo "$@"; fi
}

need_root() {
  [ -n "$dry_run" ] || [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1 ||
    give_up "root is needed for the package; become root, or install for this user alone: ./install.sh install --user"
}

# Sets `deb` to the package to install: the one that was named, the newest beside this script, or one of this checkout.
find_deb() {
  deb=${1:-$(find . -maxdepth 1 -name 'wonder_*.deb' | sort -V | tail -n 1)}
  if [ -n "$deb" ]; then
    [ -f "$deb" ] || give_up "there is no $deb"
    check_sum "$deb"
  else
    make_deb
    deb=$(built_deb)
    [ -n "$deb" ] || [ -z "$dry_run" ] || deb=packaging/out/wonder_VERSION_ARCH.deb
  fi
}

# A package from elsewhere has to be the one that SHA256SUMS beside it names.
check_sum() {
  local folder name
  folder=$(dirname "$1") name=$(basename "$1")
  [ -f "$folder/SHA256SUMS" ] || give_up "$folder/SHA256SUMS is missing, so $name cannot be checked; put it beside the package"
  printf '+ sha256sum -c SHA256SUMS (%s)\n' "$name" >&2
  # By the name as it stands: versions have signs that a pattern would read otherwise.
  (cd "$folder" && awk -v name="$name" '{ file = $0; sub(/^[0-9a-f]+ [ *]/, "", file) } file == name' SHA256SUMS | sha256sum -c --status -) ||
    give_up "$1 is not the file that SHA256SUMS names; get both again"
}

install_package() {
  need_root
  find_deb "$@"
  case "$deb" in /* | ./*) ;; *) deb=./$deb ;; esac
  # Settings that were edited stay as they are; without a terminal dpkg would otherwise give up at its question.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --allow-downgrades \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$deb"
  done_with "installed; the service $(systemctl is-active wonder 2>/dev/null || echo "starts with systemd"). Next:
  wonder admin setup-link     a link with which the first administrator signs in
  wonder quickstart           a key, and a curl line to paste
  wonder doctor               what works and what is missing"
}

remove_package() {
  need_root
  if [ -n "$purge" ]; then
    as_root apt-get purge -y wonder
    done_with "removed, with /var/lib/wonder and /etc/wonder"
  else
    as_root apt-get remove -y wonder
    done_with "removed; /var/lib/wonder and /etc/wonder stay (--purge deletes them)"
  fi
}

home=${HOME:-}
bin=$home/.local/bin
share=${XDG_DATA_HOME:-$home/.local/share}
config=${XDG_CONFIG_HOME:-$home/.config}
user_files=("$bin/wonder" "$config/systemd/user/wonder.service" "$share/bash-completion/completions/wonder" "$share/man/man1/wonder.1")

# Prints a step whose command writes a file, and does it.
write_step() {
  local file=$1
  shift
  printf '+ %s > %s\n' "$*" "$file" >&2
  # Aside, for a command that fails must not leave an empty file which the next try takes for a whole one.
  [ -n "$dry_run" ] || { mkdir -p "$(dirname "$file")" && "$@" >"$file.new" && mv "$file.new" "$file"; }
}

has_user_manager() { systemctl --user show-environment >/dev/null 2>&1; }

install_for_user() {
  [ -n "$home" ] || give_up "HOME is not set, so there is no place to install to"
  local program=.build/bin/wonder unpacked=
  deb=${1:-$(find . -maxdepth 1 -name 'wonder_*.deb' | sort -V | tail -n 1)}
  if [ -n "$deb" ]; then
    [ -f "$deb" ] || give_up "there is no $deb"
    check_sum "$deb"
    unpacked=$(mktemp -d)
    step dpkg-deb -x "$deb" "$unpacked"
    program=$unpacked/usr/bin/wonder
  else
    step build_release
  fi
  step install -D -m 755 "$program" "$bin/wonder.new"
  step mv "$bin/wonder.new" "$bin/wonder"
  [ -z "$unpacked" ] || rm -rf "$unpacked"
  step mkdir -p -m 700 "$config/wonder"
  [ -s "$config/wonder/wonder.conf" ] ||
    write_step "$config/wonder/wonder.conf" env -i "$bin/wonder" settings --file --config /dev/null --data "$share/wonder"
  write_step "${user_files[2]}" "$bin/wonder" completion bash
  write_step "${user_files[3]}" "$bin/wonder" manpage
  step install -D -m 644 packaging/wonder-user.service "${user_files[1]}"
  if has_user_manager; then
    step systemctl --user daemon-reload
    step systemctl --user enable wonder
    step systemctl --user restart wonder
    done_with "installed and started; \`loginctl enable-linger\` lets it run while you are not signed in. Next:"
  else
    done_with "installed; there is no systemd for this user, so start it with: $bin/wonder serve. Next:"
  fi
  done_with "  $bin/wonder admin setup-link     a link with which the first administrator signs in
  $bin/wonder quickstart           a key, and a curl line to paste"
}

remove_for_user() {
  if has_user_manager; then step systemctl --user disable --now wonder || true; fi
  step rm -f "${user_files[@]}"
  if has_user_manager; then step systemctl --user daemon-reload; fi
  if [ -n "$purge" ]; then
    step rm -rf "$share/wonder" "$config/wonder"
    done_with "removed, with $share/wonder and $config/wonder"
  else
    done_with "removed; $share/wonder and $config/wonder stay (--purge deletes them)"
  fi
}

# Takes --user, --purge and --dry-run out of the words; leaves the others in `words`.
dry_run='' for_user='' purge='' deb=''
words=()
take_options() {
  local word
  for word in "$@"; do
    case "$word" in
      --dry-run) dry_run=yes ;;
      --user) for_user=yes ;;
      --purge) purge=yes ;;
      -*) give_up "unknown option $word; ./install.sh help lists them" ;;
      *) words+=("$word") ;;
    esac
  done
}

finish() { [ -z "$dry_run" ] || say "nothing was changed (--dry-run)"; }

case "${1:-help}" in
  run) shift && run_server "$@" ;;
  test) shift && run_tests "$@" ;;
  needs) need_for_tests ;;
  build) build_release ;;
  deb)
    shift && take_options "$@"
    make_deb
    finish
    ;;
  oci)
    shift && take_options "$@"
    make_image "${words[@]}"
    finish
    ;;
  install)
    shift && take_options "$@"
    if [ -n "$for_user" ]; then install_for_user "${words[@]}"; else install_package "${words[@]}"; fi
    finish
    ;;
  uninstall)
    shift && take_options "$@"
    if [ -n "$for_user" ]; then remove_for_user; else remove_package; fi
    finish
    ;;
  help | --help | -h) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
