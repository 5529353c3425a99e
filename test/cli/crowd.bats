# SPDX-License-Identifier: MIT
# A crowd of rude connections, and honest callers among it: they are served, and the host's memory stays bounded.
# GUESTS and SECONDS_EACH say how many and how long, CONNECTIONS how many there is room for: `make check` has a thousand for twenty seconds.
load ../support/helpers

@test "a crowd that is silent, slow, greedy or forges: honest callers are answered, memory is bounded, and stopping works" {
  local since=$SECONDS
  export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=32" # what a sanitizer keeps of freed memory grows with the time that this takes
  launch --max-connections "${CONNECTIONS:-100}" --max-output 67108864 "$EX/hello.js"
  run "$BUILD/test/tools/crowd" "$URL" "${GUESTS:-150}" "${SECONDS_EACH:-2}"
  echo "# $output" >&3
  [ "$status" -eq 0 ]
  local most
  most=$(awk '/^VmHWM:/ { print $2 }' "/proc/$HOST/status")
  echo "# the host's memory: at most $((most / 1024)) MiB" >&3
  # answers that wait, messages that do not end, calls that wait: 64 MiB each; as much again for the system's and a sanitizer's bookkeeping
  [ "$most" -lt $((512 * 1024)) ]
  expect 0 '"hello x"' call "$URL" hello x
  stop_host
  expect 0 'ok: ' audit "$T/hello"
  run grep -c . "$T/host.err"
  [ "$output" -le $((250 + 100 * ((SECONDS - since) / 60))) ] # what strangers do fills no disk: a hundred lines a minute
}
