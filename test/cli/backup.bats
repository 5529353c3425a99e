# SPDX-License-Identifier: MIT
# A journal's file may be copied while its host runs: the copy opens, and holds what was answered before.
load ../support/helpers

@test "fifty copies of a journal made while its host is busy, each of them sound" {
  start_host "$EX/counter.js" --dir data
  journal=data/services/$LEDGER/journal
  # Steady work, so that the journal does not grow faster than it can be copied and read fifty times.
  python3 -c 'import sys, time
for i in range(20000):
    print("{\"method\":\"add\",\"params\":[1]}\n" * 5, end="", flush=True)
    time.sleep(0.005)' 2> err 3>&- | "$BUILD/vms-call" "$URL" > out 2> err 3>&- &
  CALLER=$!
  local i before whole=0
  for i in $(seq 50); do
    before=$(wc -l < out) # calls that were answered are durable
    mkdir -p copy
    cp "$journal" copy/journal
    run "$BUILD/test/tools/peek" copy/journal
    [ "$status" -eq 0 ] || { echo "copy $i: $output"; false; }
    [ "${output%% *}" -ge "$before" ] || { echo "copy $i: $output, but $before were durable"; false; }
    if [ "${output##* }" -eq 0 ]; then
      whole=$((whole + 1))
      [ $((i % 25)) -eq 1 ] || continue # the rest of them would tell nothing new
      expect 0 '"ok"' audit --json --level chain copy
      [ "$(member "$output" length)" -ge "$before" ] || { echo "copy $i: $output, but $before were durable"; false; }
    fi
  done
  echo "$whole whole"
  [ "$whole" -gt 0 ]
  kill "$CALLER"; wait "$CALLER" || true
  stop_host
  expect 0 "ok: " audit data
}
