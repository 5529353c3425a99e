#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every program of the language corpus in the sandbox (BUILD names the build directory) and compares what it prints and how
# it ends with cases/GROUP.out, which Node made: see node.mjs.
set -u
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
passed=0 failed=0
for group in test/language/cases/*.js; do
  count=$(grep -c '^//// ' "$group")
  difference=$(diff <(timeout 3600 "$build/vms-js" --cases "$group" 2>&1) "${group%.js}.out")
  if [ -z "$difference" ]; then passed=$((passed + count))
  else
    failed=$((failed + 1))
    echo "not ok $group"
    echo "$difference" | head -20
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
