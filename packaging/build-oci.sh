#!/usr/bin/env bash
# Makes packaging/out/wonder_VERSION_ARCH.oci.tar, an image for podman, docker, skopeo and ctr, of the package and a Debian of this
# release without documents; the same packages give the same bytes. Neither root nor a program for containers is needed.
# usage: packaging/build-oci.sh [FILE.deb [PACKAGE...]]     PACKAGEs are programs of others that shall be called, such as qpdf
# WONDER_OCI_MIRROR is a mirror of Debian, where it is not deb.debian.org.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C TZ=UTC
umask 022

deb=${1:-$( (find packaging/out -name 'wonder_*.deb' 2>/dev/null || true) | sort -V | tail -n 1)}
[ -f "$deb" ] || { echo "build-oci.sh: no package${deb:+ at $deb}; run ./install.sh deb first" >&2; exit 2; }
[ $# -eq 0 ] || shift
for tool in mmdebstrap dpkg-scanpackages gzip; do
  command -v "$tool" >/dev/null || { echo "build-oci.sh: $tool is missing; apt-get install mmdebstrap dpkg-dev" >&2; exit 2; }
done
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
version=$(dpkg-deb -f "$deb" Version)
architecture=$(dpkg-deb -f "$deb" Architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y packaging/changelog)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/packages"
cp "$deb" "$work/packages/"
(cd "$work/packages" && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)

mirror=${WONDER_OCI_MIRROR:-http://deb.debian.org/debian}
include=wonder,ca-certificates,systemd-standalone-sysusers
for name in "$@"; do include+=,$name; done
# The account has a number of its own, so that volumes keep their owner; the package would take the next free one.
account='wonder:x:10001:10001:wonder file conversion:/var/lib/wonder:/usr/sbin/nologin'
mmdebstrap --quiet --variant=essential --architectures="$architecture" --include="$include" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --aptopt='Apt::Install-Recommends "false"' \
  --essential-hook="echo '$account' >>\"\$1/etc/passwd\" && echo 'wonder:x:10001:' >>\"\$1/etc/group\"" \
  --customize-hook='install -d -o 10001 -g 10001 -m 700 "$1/var/lib/wonder"' \
  --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/* "$1"/var/log/* "$1"/usr/share/bash-completion "$1"/etc/apt/sources.list.d/*wonder*' \
  "$release" "$work/layer.tar" "deb $mirror $release main" "deb $mirror $release-updates main" \
  "deb ${mirror%/}-security $release-security main" "deb [trusted=yes] copy:$work/packages ./"

# An image is a few documents that name each other by their hashes (OCI image-spec, image-layout.md).
image=$work/image
blobs=$image/blobs/sha256
mkdir -p "$blobs"
hash() { sha256sum "$1" | cut -d' ' -f1; }
# Keeps a file under its hash; prints what names it.
keep() {
  local sum
  sum=$(hash "$2")
  mv "$2" "$blobs/$sum"
  printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s' "$1" "$sum" "$(stat -c %s "$blobs/$sum")"
}
layer=$(hash "$work/layer.tar")
gzip -9n "$work/layer.tar"
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
layers=$(keep layer.v1.tar+gzip "$work/layer.tar.gz")}
cat >"$work/config" <<CONFIG
{"architecture":"$architecture","os":"linux","created":"$created","config":{"User":"10001:10001",
"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","WONDER_DATA=/var/lib/wonder","WONDER_LISTEN=0.0.0.0:8080"],
"Entrypoint":["/usr/bin/wonder"],"Cmd":["serve"],"WorkingDir":"/var/lib/wonder","StopSignal":"SIGTERM",
"ExposedPorts":{"8080/tcp":{}},"Volumes":{"/var/lib/wonder":{}},
"Healthcheck":{"Test":["CMD","/usr/bin/wonder","healthcheck"],"Interval":30000000000,"Timeout":5000000000,"StartPeriod":60000000000},
"Labels":{"org.opencontainers.image.title":"wonder","org.opencontainers.image.version":"$version"}},
"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},"history":[{"created":"$created","created_by":"install.sh oci"}]}
CONFIG
config=$(keep config.v1+json "$work/config")}
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' "$config" "$layers" >"$work/manifest"
manifest=$(keep manifest.v1+json "$work/manifest")
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s,"annotations":{%s,%s}}]}' "$manifest" \
  "\"org.opencontainers.image.ref.name\":\"$version\"" "\"io.containerd.image.name\":\"localhost/wonder:$version\"" >"$image/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$image/oci-layout"

mkdir -p packaging/out
name=wonder_${version}_$architecture.oci.tar
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=ustar -C "$image" -cf "packaging/out/$name" blobs index.json oci-layout
echo "packaging/out/$name ($(($(stat -c %s "packaging/out/$name") / 1048576)) MiB)"
