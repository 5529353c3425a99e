#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The whole loop: serve the RSVP contract, call it, read its files, audit it, and catch a host that lies.
# BUILD names the build directory. Everything happens in a temporary folder that is removed at the end.
set -euo pipefail
build=$(cd "${BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
party=$(mktemp -d)
export XDG_CONFIG_HOME=$party/config XDG_DATA_HOME=$party/data
host=
cleanup() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null && wait "$host" 2>/dev/null || true; fi
  rm -rf "$party"
}
trap cleanup EXIT

# Prints a command as one would type it, then runs it.
show() {
  local word line=
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./:,=@-]*) word="\"$word\"" ;; esac
    line="$line ${word//$build\//build/}"
  done
  printf '\n$%s\n' "${line//$party\//}"
  "$@"
}

printf 'Serving examples/rsvp.js.\n'
"$build/vms-host" "$here/rsvp.js" --dir "$party/party" --listen 127.0.0.1:0 > "$party/ready" &
host=$!
for _ in $(seq 600); do [ -s "$party/ready" ] && break; kill -0 "$host"; sleep 0.1; done
read -r url ledger archive < "$party/ready"
printf '  service  %s\n  ledger   %s\n  archive  %s\n' "$url" "$ledger" "$archive"

show "$build/vms-call" "$url" RSVP true "see you"
printf '(nothing: RSVP returns undefined)\n'
show "$build/vms-call" --key "$party/bob" "$url" RSVP false "other plans"
show "$build/vms-call" "$url" files.readdir /rsvps
me=$("$build/vms-call" --whoami)
show "$build/vms-call" "$url" files.readFile "/rsvps/$me.json"

printf '\nAnybody can check that the host told the truth: over the network, or from its folder.\n'
show "$build/vms-audit" "$url"
kill -TERM "$host"; wait "$host" || true; host=
show "$build/vms-audit" "$party/party"
printf '\nNow a host that lies: in a copy of the folder it records another result, and signs everything anew with its own keys.\n'
cp -r "$party/party" "$party/lying"
show "$build/test/tools/lie" result "$party/lying/services/$ledger"
if show "$build/vms-audit" --no-kept "$party/lying"; then exit 1; fi
printf '\nCaught. That is all: serve, call, read, audit.\n'
