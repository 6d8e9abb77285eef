#!/usr/bin/env bash
# Makes packaging/out/wonder_VERSION_ARCH.deb and its SHA256SUMS from a built program; the same input gives the same bytes.
# usage: packaging/build-deb.sh [WONDER]      WONDER is the stripped program (.build/bin/wonder, as ./install.sh build leaves it)
# SOURCE_DATE_EPOCH dates every file; without it the last commit does.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C TZ=UTC
umask 022

program=$(realpath "${1:-.build/bin/wonder}")
[ -x "$program" ] || { echo "build-deb.sh: no program at $program; run ./install.sh build first" >&2; exit 2; }
for tool in dpkg-deb dpkg-shlibdeps gzip ar xz; do
  command -v "$tool" >/dev/null || { echo "build-deb.sh: $tool is missing; apt-get install dpkg-dev" >&2; exit 2; }
done
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y packaging/changelog)}
export SOURCE_DATE_EPOCH

# A WONDER_ variable of whoever builds must not end up in the package.
wonder() { env -i "$program" "$@"; }
version=$(wonder version --config /dev/null | sed -n 's/^wonder //p')
[ "$version" = "$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/changelog)" ] ||
  { echo "build-deb.sh: packaging/changelog does not begin with version $version" >&2; exit 1; }
architecture=$(dpkg --print-architecture)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
put() { install -D -m "$1" "$2" "$root$3"; }
# Text from standard input.
write() { mkdir -p "$root$(dirname "$1")" && cat >"$root$1"; }
# The same, compressed without name and time.
pack() { gzip -9n | write "$1"; }

put 755 "$program" /usr/bin/wonder
# Few lines, which no new setting changes: an upgrade then has nothing to ask about a file that was edited.
write /etc/wonder/wonder.conf <<'SETTINGS'
# Settings of wonder, as NAME=VALUE. wonder.conf(5) describes them all, `wonder settings` shows those in effect.
# A change counts after `systemctl restart wonder`; WONDER_LOG_LEVEL after `systemctl reload wonder`.
WONDER_DATA=/var/lib/wonder
#WONDER_LISTEN=127.0.0.1:8080
#WONDER_PUBLIC_URL=https://convert.example.com
#WONDER_TRUSTED_PROXIES=127.0.0.1
#WONDER_LOG_LEVEL=info
SETTINGS
put 644 packaging/wonder.service /lib/systemd/system/wonder.service
# The same service as a machine that works for another one: it has no data and no port of its own.
sed -e '/^# A sign of life/d; /^WatchdogSec/d; /^# A large database/d; /^TimeoutStartSec/d; /^# The program says itself/d; /^NotifyAccess/d' \
  -e '/^# Reads WONDER_LOG_LEVEL/d; /^ExecReload/d; /^# .var.lib.wonder belongs/d; /^StateDirectory/d' \
  -e '1,3s/^#.*systemctl edit wonder.*/# The unit of a machine that works for another one; `systemctl edit wonder-join` changes it without touching this file./' \
  -e '2d; s/^Description=.*/Description=wonder node/; s/^Type=.*/Type=exec/; s/^ExecStart=.*/ExecStart=\/usr\/bin\/wonder join/' \
  -e 's/^# The whole system is there.*/# The whole system is there to read, and nothing of it to write./' \
  packaging/wonder.service | write /lib/systemd/system/wonder-join.service
put 644 packaging/wonder-watch@.service /lib/systemd/system/wonder-watch@.service
put 644 packaging/wonder-standby.service /lib/systemd/system/wonder-standby.service
mkdir -p "$root/etc/wonder/watch"
put 644 packaging/sysusers.conf /usr/lib/sysusers.d/wonder.conf
put 644 packaging/tmpfiles.conf /usr/lib/tmpfiles.d/wonder.conf
wonder manpage wonder | pack /usr/share/man/man1/wonder.1.gz
wonder manpage wonder.conf | pack /usr/share/man/man5/wonder.conf.5.gz
wonder manpage wonder-admin | pack /usr/share/man/man8/wonder-admin.8.gz
wonder completion bash | write /usr/share/bash-completion/completions/wonder
wonder completion zsh | write /usr/share/zsh/vendor-completions/_wonder
wonder completion fish | write /usr/share/fish/vendor_completions.d/wonder.fish

doc=/usr/share/doc/wonder
pack $doc/changelog.gz <packaging/changelog
put 644 packaging/copyright $doc/copyright
put 644 CHANGELOG.md $doc/CHANGELOG.md
put 644 packaging/README.Debian $doc/README.Debian
put 644 packaging/grafana-dashboard.json $doc/grafana-dashboard.json
# Why things are as they are, how fast, and what test holds each promise, is for those who have the sources.
for page in $(ls docs/*.md | grep -v -e decisions -e benchmarks -e comparison -e architecture -e reliability); do put 644 "$page" "$doc/$(basename "$page")"; done
for page in docs/dialects/*.md; do put 644 "$page" "$doc/dialects/$(basename "$page")"; done
[ ! -f Resources/openapi.json ] || put 644 Resources/openapi.json $doc/openapi.json

mkdir -p "$work/debian" "$root/DEBIAN"
printf 'Source: wonder\n\nPackage: wonder\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O "$root/usr/bin/wonder" 2>"$work/shlibdeps" | sed 's/^shlibs:Depends=//') ||
  { cat "$work/shlibdeps" >&2; exit 1; }
# The program opens libcurl when it needs it. Since 64-bit times the package has another name, and keeps the one of before.
curl=$(dpkg-query -S '*/libcurl.so.4' 2>/dev/null | sed -n '1s/:.*//p')
cat >"$root/DEBIAN/control" <<CONTROL
Package: wonder
Version: $version
Architecture: $architecture
Maintainer: wonder maintainers <maintainers@wonder.example>
Installed-Size: $(du -sk --apparent-size "$root" | cut -f1)
Depends: $depends, ${curl:-libcurl4} (>= 7.87), ca-certificates, init-system-helpers (>= 1.54), systemd | systemd-standalone-sysusers | systemd-sysusers
Recommends: poppler-utils, webp, libvips-tools, librsvg2-bin, qpdf
Suggests: chromium-headless-shell | chromium, libreoffice-writer-nogui, libreoffice-calc-nogui, libreoffice-impress-nogui, ffmpeg, ghostscript, pandoc, tesseract-ocr, libimage-exiftool-perl, potrace, fonts-noto-cjk, fonts-noto-color-emoji, caddy | nginx
Section: web
Priority: optional
Description: self-hosted file conversion service
 wonder converts files over HTTP, from a queue that loses nothing, and keeps
 everything in one directory. It speaks the wire formats of hosted conversion
 services, so that their clients can use it by another address.
 .
 Files of customers are decoded in child processes without files or network.
 Webhooks are sent until they arrive, workspaces have plans and keys, and every
 command works with and without the running server.
CONTROL
echo /etc/wonder/wonder.conf >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do put 755 "packaging/maintainer/$script" "/DEBIAN/$script"; done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f ! -path ./etc/wonder/wonder.conf -printf '%P\0' | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod 644 "$root"/DEBIAN/{control,conffiles,md5sums}
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p packaging/out
name=wonder_${version}_$architecture.deb
# dpkg-deb asks xz for no filter, and the one for machine code takes an eighth off (xz(1), --x86; liblzma, with which dpkg and apt
# unpack, has known it since its first version). A package is an ar archive of three members (deb(5)).
filter=
[ "$architecture" != amd64 ] || filter=--x86
dpkg-deb --root-owner-group -Znone --build "$root" "$work/plain.deb" >/dev/null
(cd "$work" && ar x plain.deb && xz $filter --lzma2=preset=9e control.tar data.tar)
rm -f "packaging/out/$name"
(cd "$work" && ar rcD "$OLDPWD/packaging/out/$name" debian-binary control.tar.xz data.tar.xz)
(cd packaging/out && sha256sum "$name" >SHA256SUMS)
size=$(stat -c %s "packaging/out/$name")
[ "$size" -le 6000000 ] || { echo "build-deb.sh: $name has $size bytes, more than the 6 MB that were promised" >&2; exit 1; }
echo "packaging/out/$name ($((size / 1024)) KiB, program $(($(stat -c %s "$program") / 1024)) KiB)"
