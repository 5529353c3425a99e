#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The same program must end the same way whatever built the engine and whatever runs it: every program of cases/, matrix/ and
# bombs/ goes through vms-js as several compilers and levels make it, with sanitizers, with two seeds of the string hashes, with
# a C library that believes the processor to be older, and on another architecture. Output, ending, steps and peak bytes
# must be those of counts.txt: see counts.mjs. At -O0 with sanitizers the engine needs more native stack than anywhere. Builds that `make check` has made already are used as they are.
#   matrix.sh          the whole matrix
#   matrix.sh --write  counts.txt anew, from the first build alone
# Each group runs in one process, each of its programs in a fresh sandbox: so what comes after an aborted program also shows
# that the abort left nothing behind.
set -u
cd "$(dirname "$0")/../.."
san='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
logs=build/matrix/logs
jobs=$(nproc 2>/dev/null || echo 2)

# build directory, compiler, flags; those of `make check` must have its flags
builds="san;gcc;$san
matrix/san-O0;gcc;${san/-O1/-O0}
aarch64;aarch64-linux-gnu-gcc;-O2 -g
matrix/O3;gcc;-O3 -g
strict;gcc;-O2 -g
clang;clang;-O2 -g
matrix/O0;gcc;-O0 -g
matrix/clang-O0;clang;-O0 -g"

# name of the run, build directory, options of vms-js, command in front of it; the long ones first
without_fma='env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2'
runs="gcc-O0-sanitizers;matrix/san-O0;;
gcc-sanitizers;san;;
aarch64;aarch64;;qemu-aarch64 -L /usr/aarch64-linux-gnu
gcc-O0;matrix/O0;;
clang-O0;matrix/clang-O0;;
gcc-O2;strict;;
gcc-O2-other-seed;strict;--seed 3735928559;
gcc-O2-without-FMA;strict;;$without_fma
gcc-O3;matrix/O3;;
clang-O2;clang;;"

build() {
  local name cc flags strict=
  IFS=';' read -r name cc flags <<< "$1"
  case $name in strict | clang) strict=WERROR=-Werror ;; esac
  mkdir -p "build/$name"
  # as a make of its own: the one that runs this shares no jobs with it
  env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -j1 $strict CC="$cc" CFLAGS="$flags" BUILD="build/$name" "build/$name/vms-js" \
    > "build/$name/matrix.log" 2>&1 || { cat "build/$name/matrix.log"; exit 1; }
}

run() {
  local name build options front group limits
  IFS=';' read -r name build options front <<< "$1"
  rm -rf "${logs:?}/$name" && mkdir -p "$logs/$name"
  for group in test/language/{cases,matrix,bombs}/*.js; do
    case $group in
      *'*'*) continue ;;
      */cases/*) limits= ;;
      */matrix/*) limits='--steps 4000000 --memory 8388608' ;;
      */bombs/*) limits='--steps 1000000 --memory 8388608' ;; # every bomb takes all it may, and an emulator ten times as long
    esac
    group=${group#test/language/}
    # shellcheck disable=SC2086
    timeout 3600 $front "build/$build/vms-js" --cases --json $limits $options "test/language/$group" > "$logs/$name/$(echo "${group%.js}" | tr / -).log" 2>&1
  done
  return 0 # how each program ended is in the log
}

# The run without FMA says something only where the C library has two ways to compute a sine, and takes the other one.
fma_matters() {
  gcc -O1 -fno-builtin -x c -o build/matrix/sines - -lm << 'C'
#include <math.h>
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 100000; i++) printf("%a\n", sin(i * 0.37) + exp(i * 0.0001));
  return 0;
}
C
  [ "$(build/matrix/sines | cksum)" != "$($without_fma build/matrix/sines | cksum)" ]
}

export san logs without_fma
export -f build run
mkdir -p "$logs"
if [ "${1-}" = --write ]; then
  builds=$(grep '^strict;' <<< "$builds")
  runs=$(grep '^gcc-O2;' <<< "$runs")
fi
xargs -d '\n' -P "$jobs" -I{} bash -c 'build "$1"' build {} <<< "$builds" || exit 1
xargs -d '\n' -P "$jobs" -I{} bash -c 'run "$1"' run {} <<< "$runs" || exit 1
if [ "${1-}" != --write ] && ! fma_matters; then
  if grep -qw fma /proc/cpuinfo; then
    echo "not ok: the C library computes the same with FMA masked; the run without it shows nothing"
    exit 1
  fi
  echo "this processor has no FMA, so the run without it shows nothing"
fi
names=$(cut -d';' -f1 <<< "$runs" | sed '/^gcc-O2$/d')
# shellcheck disable=SC2086
exec node test/language/counts.mjs ${1+"$1"} "$logs" gcc-O2 $names
