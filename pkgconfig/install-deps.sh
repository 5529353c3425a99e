#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what the build and the tests need, and fetches the pinned Duktape source, Unicode data and, for tests, npm packages.
# Asks nothing, changes no system package source, does nothing where everything is there. Usage: install-deps.sh build|all|check DIR
#   build  what the library and the tools need;  all  also what the tests need;  check  also what `make check` and
#          `make bench` need: another architecture, its emulator, and what the engine is measured with and against
#   DIR    where fetched sources go
# DUKTAPE_TARBALL=FILE takes Duktape's .tar.xz, UNICODE_DATA=FILE Debian's .deb of unicode-data from FILE (machines without apt).
set -eu
what=$1 dir=$2

duktape_version=2.7.0
duktape_debian=2.7.0-2
duktape_sha256=90f8d2fa8b5567c6899830ddef2c03f3c27960b11aca222fa17aa7ac613c2890
unicode_version=15.0.0
unicode_debian=15.0.0-1
unicode_sha256=5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc
unicode_files="UnicodeData.txt SpecialCasing.txt CaseFolding.txt PropList.txt PropertyAliases.txt PropertyValueAliases.txt Scripts.txt
  ScriptExtensions.txt DerivedCoreProperties.txt DerivedNormalizationProps.txt emoji/emoji-data.txt
  extracted/DerivedBinaryProperties.txt extracted/DerivedGeneralCategory.txt NormalizationTest.txt.bz2"

build_packages="gcc make pkg-config patch xz-utils libc6-dev libsodium-dev libuv1-dev libcjson-dev libwslay-dev libhttp-parser-dev libssl-dev libedit-dev"
test_packages="bats bzip2 libcmocka-dev libmpfr-dev clang libclang-rt-14-dev python3 python3-websockets openssl curl procps mandoc"
check_packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user valgrind duktape"

say() { echo "deps: $*" >&2; }
fail() { say "$1"; [ $# -lt 2 ] || echo "hint: $2" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else fail "need root to install packages: $*" "run \`make deps\` as root once, or install them by hand"
  fi
}

installed() { [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = "install ok installed" ]; }

node_is_new_enough() {
  command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 18 ]
}

apt_update_once() {
  [ -z "${apt_updated:-}" ] || return 0
  as_root apt-get -q update >&2 || say "apt-get update failed for some source; going on with the lists there are"
  apt_updated=1
}

install_packages() {
  missing=
  for package in "$@"; do installed "$package" || missing="$missing $package"; done
  if [ "$what" != build ] && ! node_is_new_enough; then missing="$missing nodejs"; fi
  if [ "$what" != build ] && ! command -v npm >/dev/null 2>&1; then missing="$missing npm"; fi
  [ -n "$missing" ] || return 0
  say "installing$missing"
  apt_update_once
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing >&2
  if [ "$what" != build ] && ! node_is_new_enough; then fail "the tests need Node 18 or newer, found $(node --version 2>/dev/null || echo none)"; fi
}

check_without_apt() {
  say "apt-get is not here; looking for what is needed"
  missing=
  for tool in gcc ar make pkg-config patch xz; do command -v $tool >/dev/null 2>&1 || missing="$missing $tool"; done
  for header in sodium.h uv.h cjson/cJSON.h wslay/wslay.h http_parser.h; do
    echo "#include <$header>" | ${CC:-cc} -E -x c - >/dev/null 2>&1 || missing="$missing <$header>"
  done
  if [ "$what" != build ]; then
    for tool in bats bzip2 clang python3 curl mandoc npm; do command -v $tool >/dev/null 2>&1 || missing="$missing $tool"; done
    echo "#include <stddef.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>" | ${CC:-cc} -E -x c - >/dev/null 2>&1 || missing="$missing <cmocka.h>"
    echo "#include <mpfr.h>" | ${CC:-cc} -E -x c - >/dev/null 2>&1 || missing="$missing <mpfr.h>"
    node_is_new_enough || missing="$missing node>=18"
  fi
  if [ "$what" = check ]; then
    for tool in aarch64-linux-gnu-gcc qemu-aarch64 valgrind duk; do command -v $tool >/dev/null 2>&1 || missing="$missing $tool"; done
  fi
  [ -z "$missing" ] || fail "missing:$missing" "install libsodium, libuv, cJSON, wslay and http-parser with their headers; doc/dependencies.md has the list"
}

# Prints a file from Debian's archive: apt_file deb|deb-src PATTERN APT-GET-ARGUMENTS... Asks through copies of the system's own
# source lists, with entries of that type alone; the system's lists stay untouched.
apt_file() (
  type=$1 pattern=$2
  shift 2
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work" # apt's own user reads it
  mkdir "$work/lists" "$work/lists/partial" "$work/parts" "$work/out"
  if [ -f /etc/apt/sources.list ]; then sed "s/^[[:space:]]*deb /$type /" /etc/apt/sources.list > "$work/parts/system.list"; fi
  for list in /etc/apt/sources.list.d/*; do
    [ -f "$list" ] || continue
    case $list in
      *.list) sed "s/^[[:space:]]*deb /$type /" "$list" > "$work/parts/$(basename "$list")" ;;
      *.sources) sed "s/^\(Types:.*\)\$/Types: $type/" "$list" > "$work/parts/$(basename "$list")" ;;
    esac
  done
  chmod 644 "$work"/parts/* 2>/dev/null || true
  if [ "$(id -u)" = 0 ]; then chown -R _apt "$work/lists/partial" "$work/out" 2>/dev/null || true; fi
  private() { # a cache would mix them up with the system's lists
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::State::lists=$work/lists" \
      -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@" >&2
  }
  private update || true # a third-party list without such entries must not stop us
  cd "$work/out"
  private "$@" || return 1
  # shellcheck disable=SC2086
  cat $pattern
)

# Brings a pinned file to its place, if it is the one that is meant:
#   get_pinned WHAT SHA-256 PLACE VARIABLE GIVEN APT...
#     VARIABLE, GIVEN  the variable by which it may be given as a file, and its value;  APT  what apt_file takes
get_pinned() {
  what_file=$1 hash=$2 place=$3 variable=$4 given=$5 name=$(basename "$3")
  shift 5
  mkdir -p "$dir"
  if [ -n "$given" ]; then
    [ -f "$given" ] || fail "$variable=$given: no such file"
    cp "$given" "$place.part"
  elif command -v apt-get >/dev/null 2>&1; then
    say "fetching $what_file"
    apt_file "$@" > "$place.part" || fail "could not download $what_file" "$variable=FILE make deps takes $name from a file"
  else
    fail "no apt-get to fetch $what_file with" "get $name of Debian 12 (SHA-256 $hash) and run: $variable=FILE make deps"
  fi
  echo "$hash  $place.part" | sha256sum -c --status ||
    fail "$what_file has another SHA-256 than $hash" "a damaged or different file; nothing was unpacked"
  mv "$place.part" "$place"
  rm -rf "$dir/unpack"
  mkdir "$dir/unpack"
}

fetch_duktape() {
  [ ! -d "$dir/duktape-$duktape_version" ] || return 0
  tarball=$dir/duktape_$duktape_version.orig.tar.xz
  get_pinned "the source of duktape $duktape_version" "$duktape_sha256" "$tarball" DUKTAPE_TARBALL "${DUKTAPE_TARBALL:-}" \
    deb-src './*.orig.tar.xz' source --download-only "duktape=$duktape_debian"
  tar -xJf "$tarball" -C "$dir/unpack"
  mv "$dir/unpack"/* "$dir/duktape-$duktape_version"
  rmdir "$dir/unpack"
}

# What the tables are made of and checked with; ar, which every C compiler comes with, opens the package also elsewhere.
fetch_unicode() {
  [ ! -d "$dir/unicode-$unicode_version" ] || return 0
  package=$dir/unicode-data_${unicode_debian}_all.deb
  get_pinned "the data of Unicode $unicode_version" "$unicode_sha256" "$package" UNICODE_DATA "${UNICODE_DATA:-}" \
    deb './*.deb' download "unicode-data=$unicode_debian"
  files=./usr/share/doc/unicode-data/copyright
  for file in $unicode_files; do files="$files ./usr/share/unicode/$file"; done
  # shellcheck disable=SC2086
  ar p "$package" data.tar.xz | tar -xJf - -C "$dir/unpack" $files
  mv "$dir/unpack/usr/share/doc/unicode-data/copyright" "$dir/unpack/usr/share/unicode/"
  mv "$dir/unpack/usr/share/unicode" "$dir/unicode-$unicode_version"
  rm -rf "$dir/unpack"
}

# Exactly what the lock file of test/$1 lists, checked against its hashes; no script of a package runs.
fetch_npm() {
  folder=$1
  lock=test/$folder/package-lock.json
  sum=$(sha256sum < "$lock" | cut -d ' ' -f 1)
  [ "$(cat "$dir/$folder/installed" 2>/dev/null)" != "$sum" ] || return 0
  say "fetching the npm packages of test/$folder"
  rm -rf "${dir:?}/$folder"
  mkdir -p "$dir/$folder"
  cp "test/$folder/package.json" "$lock" "$dir/$folder/"
  (cd "$dir/$folder" && npm ci --ignore-scripts --include=optional --no-audit --no-fund --no-update-notifier --loglevel=error >&2) ||
    fail "could not install the npm packages of $lock" "npm's own lines above say why; \`npm config get registry\` is where it looked"
  echo "$sum" > "$dir/$folder/installed"
}

if command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
  packages=$build_packages
  [ "$what" = build ] || packages="$packages $test_packages"
  [ "$what" != check ] || packages="$packages $check_packages"
  # shellcheck disable=SC2086
  install_packages $packages
else
  check_without_apt
fi
fetch_duktape
fetch_unicode
[ "$what" != build ] || exit 0
for folder in libraries interop; do fetch_npm $folder; done
