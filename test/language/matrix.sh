#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The same program must end the same way whatever built the engine: runs every program of the language corpus, and those of
# matrix/, in vms-js as gcc -O0, -O2 and -O3, clang -O2 and gcc with sanitizers make it, and compares output, steps
# and peak bytes. Builds that `make check` has made already are used as they are. Any difference is named and fails.
set -u
cd "$(dirname "$0")/../.."
san='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
work=build/matrix
mkdir -p "$work"

# name of the build directory, compiler, flags
builds=(strict 'gcc' '-O2 -g' clang 'clang' '-O2 -g' san 'gcc' "$san" matrix/O0 'gcc' '-O0 -g' matrix/O3 'gcc' '-O3 -g')
names=()
for ((i = 0; i < ${#builds[@]}; i += 3)); do
  name=${builds[i]}
  names+=("$name")
  strict=
  case $name in strict | clang) strict=WERROR=-Werror ;; esac # as `make check` made them
  make -s --no-print-directory -j2 $strict CC="${builds[i + 1]}" CFLAGS="${builds[i + 2]}" BUILD="build/$name" "build/$name/vms-js" > "$work/make.log" 2>&1 || { cat "$work/make.log"; exit 1; }
done

compared=0 failed=0
for program in test/language/*.js test/language/matrix/*.js; do
  first=
  for name in "${names[@]}"; do
    got=$(timeout 120 "build/$name/vms-js" --json --steps 20000000 "$program" 2>&1; echo "exit $?")
    if [ -z "$first" ]; then first=$got
    elif [ "$got" != "$first" ]; then
      failed=$((failed + 1))
      echo "not ok $program: $name differs from ${names[0]}"
      diff <(echo "$first") <(echo "$got") | head -6
    fi
  done
  compared=$((compared + 1))
done
echo "$compared programs compared in ${#names[@]} builds, $failed differences"
[ "$failed" -eq 0 ] && [ "$compared" -gt 0 ]
