#!/usr/bin/env bash
# Builds and runs forms.swift: how fast the multipart parser is on bytes that are made to slow it down.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=$PWD/.build/forms
mkdir -p "$place"
printf 'module CSystem { umbrella "%s" export * }\n' "$PWD/Sources/CSystem/include" >"$place/module.modulemap"
flags=(-O -wmo -swift-version 6 -package-name wonder -parse-as-library -I "$place" -Xcc "-fmodule-map-file=$place/module.modulemap"
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility)
objects=()
for source in Sources/CSystem/*.c; do
  clang -O2 -std=c2x -D_GNU_SOURCE -I Sources/CSystem/include -c "$source" -o "$place/$(basename "$source").o"
  objects+=("$place/$(basename "$source").o")
done
for module in Basics HTTP; do
  mapfile -t sources < <(find "Sources/$module" -name '*.swift')
  swiftc "${flags[@]}" -module-name "$module" -emit-module -emit-module-path "$place/$module.swiftmodule" -emit-object \
    -o "$place/$module.o" "${sources[@]}"
  objects+=("$place/$module.o")
done
swiftc "${flags[@]}" -module-name Forms -o "$place/forms" Tests/Benchmarks/forms.swift "${objects[@]}"
exec "$place/forms"
