# SPDX-License-Identifier: MIT
# What vms-audit keeps with --store: a copy that grows, survives whatever ends the download, convicts a host that does not stand by what
# it signed, and is a data folder like any other.
load ../support/helpers

# A service with much to fetch and little to replay: some 25 MB in 1,500 calls.
start_large() {
  start_host "$EX/rsvp.js" --dir data --durability os
  [ -f in ] || yes "{\"method\":\"RSVP\",\"params\":[true,\"$(printf %08000d 0)\"]}" | head -1500 > in
}

fill() { # and wait until all of it is signed, which with this durability comes later
  call "$URL" < in > /dev/null
  wait_until '[ "$(member "$(call "$URL" vms.head)" length)" = 1503 ]'
}

ended() { wait "$1" 2> /dev/null || true; }

journal_of() { echo "copy/services/${1:-$LEDGER}/journal"; }

@test "a store holds what was judged: from disk the report is the same, and nothing travels twice" {
  start_host "$EX/rsvp.js" --dir party
  call "$URL" RSVP true "see you"
  call --key bob "$URL" RSVP false "other plans"
  audit --json --store copy "$URL" > by_url
  audit --json copy > by_folder
  audit --json "copy/services/$LEDGER" > by_service
  cmp by_url by_folder
  cmp by_url by_service
  [ "$(member "$(cat copy/services.json)" '/')" = "$LEDGER" ]
  [ -z "$(find copy -name secret)" ]
  expect 3 "budget" audit --max-bytes 1 "$URL"
  expect 0 "ok: 5 records" audit --store copy --max-bytes 1 "$URL"
  call "$URL" RSVP false "changed my mind"
  expect 3 "budget" audit --store copy --max-bytes 1 "$URL"
  expect 0 "ok: 6 records" audit --store copy --max-bytes 3000 "$URL" # the one record and its blocks
  expect 3 "budget" audit --max-bytes 3000 "$URL"
  expect 0 "ok: 6 records" audit copy
  run audit --log --store copy "$URL"
  [ "$status" -eq 0 ] && [ "${#lines[@]}" -eq 6 ]
}

@test "a store of a service that goes on is right at any moment" {
  start_host "$EX/counter.js" --dir data
  yes '{"method":"add","params":[1]}' | head -3000 > in
  call "$URL" < in > out 3>&- &
  caller=$!
  audits=0
  while kill -0 "$caller" 2> /dev/null; do
    expect 0 "ok: " audit --store copy "$URL"
    expect 0 "ok: " audit copy
    audits=$((audits + 1))
  done
  wait "$caller"
  [ "$audits" -ge 1 ]
  expect 0 "ok: 3003 records" audit --store copy "$URL"
  stop_host
  expect 0 "ok: 3003 records" audit copy
}

@test "vms-audit is killed at random moments: the next one goes on, and what it has is never fetched again" {
  RANDOM=${SEED:-1}
  echo "SEED=${SEED:-1}"
  start_large
  fill
  local round before=0 now killed=0
  for round in $(seq 12); do
    "$BUILD/vms-audit" --quiet --level chain --store copy "$URL" > audit.out 2>&1 3>&- &
    auditor=$!
    sleep "0.$(printf %03d $((RANDOM % 150 + 5)))"
    kill -9 "$auditor" 2> /dev/null && killed=$((killed + 1))
    ended "$auditor"
    [ -f "$(journal_of)" ] || continue
    now=$(stat -c %s "$(journal_of)")
    run audit --level chain copy # unfinished, torn or whole, but never a lie
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { echo "$output"; false; }
  done
  [ "$killed" -gt 3 ]
  expect 0 "ok: 1503 records" audit --level chain --store copy "$URL"
  expect 0 "ok: 1503 records" audit --level chain --store copy --max-bytes 1 "$URL"
  expect 0 "ok: 1503 records" audit copy
}

@test "the host goes away in the middle and comes back elsewhere: the same store goes on" {
  start_large
  fill
  local round
  for round in 1 2 3; do
    "$BUILD/vms-audit" --level chain --store copy "$URL" > audit.out 2>&1 3>&- &
    auditor=$!
    sleep "0.0$((round * 2))"
    kill -9 "$HOST"; ended "$HOST"
    status=0
    wait "$auditor" || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { cat audit.out; false; }
    [ "$status" -eq 0 ] || grep -q '^hint: ' audit.out
    start_large
  done
  expect 0 "ok: 1503 records" audit --level chain --store copy "$URL"
  expect 0 "ok: 1503 records" audit --level chain copy
}

@test "a full disk: said so, and the download goes on once there is room" {
  start_large
  fill
  expect 3 "no space left" prlimit --fsize=5000000: "$BUILD/vms-audit" --store copy "$URL"
  [[ "$output" == *"hint: make room"* ]]
  expect 3 "" audit copy # not finished
  expect 0 "ok: 1503 records" audit --level chain --store copy "$URL"
  expect 3 "no space left" prlimit --fsize=10: "$BUILD/vms-audit" --store other "$URL"
  [ ! -e other/services.json ]
  expect 0 "ok: 1503 records" audit --level chain --store other "$URL"
  expect 0 "ok: 1503 records" audit --level chain other
}

@test "folders that cannot be a store: a file, a host's own, one that is in use, and a folder to keep" {
  start_host "$EX/hello.js" --dir data
  expect 3 "served by process" audit --store data "$URL"
  [[ "$output" == *"hint: "*"another DIR"* ]]
  touch file
  expect 3 "" audit --store file "$URL"
  expect 3 "" audit --store file/copy "$URL"
  expect 2 "--store" audit --store copy data
  expect 2 "needs the name of a folder" audit --store "" "$URL"
  expect 3 "hint: TMPDIR" env TMPDIR=nowhere "$BUILD/vms-audit" "$URL"
  expect 3 "budget" audit --store little --max-bytes 1 "$URL"
  [[ "$output" == *"last record  none was judged"* ]]
  expect 3 "hint: a download that did not finish" audit little
  expect 3 "nobody answers" audit --store copy ws://127.0.0.1:9/
  [ ! -e copy ]
  cp -r data moved
  expect 3 "secret" audit --store moved "$URL"
  [[ "$output" == *"hint: give --store a folder of its own"* ]]
  stop_host
  expect 0 "ok: 2 records" audit moved
}

@test "several services in one store, also two at the same path" {
  start_host "$EX/hello.js" --mount "/count=$EX/counter.js" --dir data
  base=${URL%/} first=$LEDGER
  call "$base/count" add
  expect 0 "ok: " audit --store copy "$base/"
  expect 0 "ok: " audit --store copy "$base/count"
  [ "$(member "$(cat copy/services.json)" /)" = "$first" ]
  [ "$(wc -l < ready)" -eq 2 ]
  stop_host
  start_host "$EX/rsvp.js" --dir other
  expect 0 "ok: " audit --store copy "$URL"
  expect 0 "ok: " audit --store copy "$URL"
  [ "$(member "$(cat copy/services.json)" /)" = "$first" ]
  [ "$(member "$(cat copy/services.json)" "/$LEDGER")" = "$LEDGER" ]
  run audit --json copy
  [ "$status" -eq 0 ] && [ "${#lines[@]}" -eq 3 ]
}

@test "a damaged store is said to be one, with the file's name, and the host is not blamed" {
  start_host "$EX/counter.js" --dir data
  yes '{"method":"add","params":[1]}' | head -50 | call "$URL" > /dev/null
  expect 0 "ok: " audit --store copy "$URL"
  file=$(journal_of)
  size=$(stat -c %s "$file")
  cp "$file" whole
  for part in 0 10 50 90; do
    cp whole "$file"
    printf '\377' | dd of="$file" bs=1 seek=$((size * part / 100)) conv=notrunc status=none
    run audit --store copy "$URL"
    [ "$status" -eq 3 ] || { echo "at $part%: exit $status: $output"; false; }
    [[ "$output" == *"hint: "*"$LEDGER/journal"* ]] || { echo "$output"; false; }
  done
  cp whole "$file"
  expect 0 "ok: " audit --store copy "$URL"
}

@test "a host that takes records away, or signs another history, is convicted by the store" {
  start_host "$EX/hello.js" --dir data
  call "$URL" hello you
  stop_host
  cp -r data early
  start_host "$EX/hello.js" --dir data
  call "$URL" hello me
  expect 0 "ok: 5 records" audit --store copy "$URL"
  stop_host
  start_host "$EX/hello.js" --dir early # a backup that came back without what was published since
  expect 4 "records were taken away" audit --no-kept --store copy "$URL"
  [[ "$output" == *"finding: fork"* ]] && [[ "$output" == *"hint: "*"journal holds what the host signed before"* ]]
  XDG_DATA_HOME=$T/others call "$URL" hello them
  XDG_DATA_HOME=$T/others call "$URL" hello everybody # another fifth record, and a sixth
  expect 0 "ok: " audit --no-kept "$URL"
  expect 4 "contradicts the signed head of length" audit --no-kept --store copy "$URL"
  stop_host
  expect 0 "ok: 5 records" audit copy # as it was
  start_host "$EX/hello.js" --dir data
  expect 0 "ok: 5 records" audit --store copy "$URL"
}

@test "a store is served onwards: others audit and keep the copy of a copy" {
  start_host "$EX/rsvp.js" --dir party
  call "$URL" RSVP true "see you"
  audit --json --store copy "$URL" > original
  stop_host
  start_host --dir copy
  audit --json "$URL" > mirrored
  cmp original mirrored
  audit --json --store again "$URL" > third
  cmp original third
  expect 3 "served by process" audit --store copy "$URL"
  expect 0 "[\"$(whoami_key).json\"]" call "$URL" files.readdir /rsvps
}
