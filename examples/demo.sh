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

show() { printf '\n$ %s\n' "$(printf '%s ' "$@" | sed "s|$build/||g; s|$here/|examples/|g; s|$party|PARTY|g; s| $||")"; "$@"; }

printf 'Serving examples/rsvp.js.\n'
"$build/vms-host" "$here/rsvp.js" --dir "$party/party" --listen 127.0.0.1:0 > "$party/ready" &
host=$!
for _ in $(seq 100); do [ -s "$party/ready" ] && break; kill -0 "$host"; sleep 0.1; done
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
printf '\nThe same ledger cannot be passed off as another one: vms-audit --ledger KEY, --seen LENGTH:HASH.\n'
