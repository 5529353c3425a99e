#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every program of the language corpus in the sandbox and compares its output with NAME.out, which Node made.
#   run.sh          in the sandbox (BUILD names the build directory)
#   run.sh --node   in Node, strict as contracts are: the expected output is still what Node says
set -u
cd "$(dirname "$0")"
build=${BUILD:-../../build}
case $build in /*) ;; *) build=../../$build ;; esac
passed=0 failed=0
for program in *.js; do
  if [ "${1:-}" = --node ]; then output=$({ printf "'use strict';"; cat "$program"; } | node - 2>&1; echo x)
  else output=$(timeout 60 "$build/vms-js" "$program" 2>&1; echo x)
  fi
  if [ "$output" = "$(cat "${program%.js}.out"; echo x)" ]; then passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "not ok $program"
    diff <(echo "${output%x}") "${program%.js}.out" | head -10
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
