# SPDX-License-Identifier: MIT
# A host that shows two histories, both signed with its own keys: whoever kept a head or a receipt of the one convicts it when it shows the
# other, and can prove it to people who have nothing but the file. Whoever is only behind, restarted or gone is no liar.
load ../support/helpers

receipts() { "$BUILD/test/tools/receipts" "$@"; }

# Two folders with one beginning, a and b, that went on by themselves: five calls in all in a, four in b.
forked() {
  start_host "$EX/counter.js" --dir a
  call --no-receipt "$URL" add 1
  call --no-receipt "$URL" add 2
  stop_host
  cp -r a b
  go_on a 10 11 12
  go_on b 20 21
}

go_on() { # FOLDER NUMBER...: as a caller who knows nothing of the other history
  local dir=$1 n
  shift
  start_host "$EX/counter.js" --dir "$dir"
  for n in "$@"; do XDG_DATA_HOME=$T/data.$dir call "$URL" add "$n"; done
  stop_host
}

# Two histories as before; now history b is shown where a user keeps what history a was, and what it tells others is longer.
met_the_other() {
  forked
  go_on b 22 23
  start_host "$EX/counter.js" --dir a
  export XDG_DATA_HOME=$T/data.user
  call "$URL" get
  stop_host
  start_host "$EX/counter.js" --dir b
}

# What a stranger finds: somewhere else, with no network, nothing kept.
convicts() { # FILE KIND
  mkdir -p elsewhere
  cp "$1" elsewhere/evidence
  expect 1 "finding: $2 at record" env -i "$BUILD/vms-audit" --check elsewhere/evidence
  run env -i "$BUILD/vms-audit" --json --check elsewhere/evidence
  [ "$status" -eq 1 ]
  [ "$(member "$output" finding.kind)" = "$2" ]
}

@test "the next caller convicts the host: it keeps the head that was shown first" {
  met_the_other
  expect 4 "evidence: " call "$URL" get
  convicts "$XDG_DATA_HOME"/vms/evidence/*.json fork
  expect 4 "evidence: " call "$URL" add 1 # and will not be talked out of it
}

@test "an auditor convicts the host with what vms-call kept, and does not need it to convict it with a store" {
  met_the_other
  expect 4 "finding: fork at record" audit --evidence proof "$URL"
  convicts proof fork
  expect 4 "finding: fork at record" audit --evidence proof2 b
  convicts proof2 fork
  audit --quiet --no-kept "$URL"
  stop_host
  start_host "$EX/counter.js" --dir a
  audit --quiet --store copies "$URL"
  stop_host
  start_host "$EX/counter.js" --dir b
  expect 4 "finding: fork" audit --no-kept --store copies --evidence proof3 "$URL"
  convicts proof3 fork
}

@test "receipts convict a host that shows another history" {
  forked
  receipts "a/services/$LEDGER" > of-a
  [ "$(wc -l < of-a)" -eq 6 ] # the call of init is one
  audit --quiet --no-kept --receipts of-a a
  expect 0 "6 receipts" audit --no-kept --receipts of-a a
  expect 4 "finding: receipt at record" audit --no-kept --receipts of-a --evidence proof b
  convicts proof receipt
  audit --quiet --no-kept b # alone it is as honest as the other
  receipts "b/services/$LEDGER" > of-b
  expect 4 "finding: fork at record" audit --no-kept --receipts of-b --evidence proof2 a # an old record, under the other head
  convicts proof2 fork
}

@test "without --evidence the report says how to get it, where it finds no room that it was lost, and a finding of another kind that it cannot be had" {
  forked
  receipts "a/services/$LEDGER" > of-a
  expect 4 "--evidence FILE" audit --no-kept --receipts of-a b
  expect 4 "cannot be written to /dev/full: No space left" audit --no-kept --receipts of-a --evidence /dev/full b
  cp -r a lying
  "$BUILD/test/tools/lie" result "lying/services/$LEDGER"
  expect 1 "no evidence written" audit --no-kept --evidence none lying
  [ ! -e none ]
}

@test "a receipt that says the same under an old and a new head stands in both" {
  forked
  receipts "a/services/$LEDGER" 1 5 > of-a
  audit --quiet --no-kept --receipts of-a a
}

@test "who is behind has not lied" {
  start_host "$EX/counter.js" --dir a
  call "$URL" add 1
  stop_host
  cp -r a backup
  go_on a 2 3
  receipts "a/services/$LEDGER" > of-a
  expect 3 "incomplete: withheld" audit --no-kept --receipts of-a backup
  head -1 of-a > first
  expect 0 "1 receipts" audit --no-kept --receipts first backup
  expect 0 "what came later" audit --no-kept --receipts first backup
}

@test "a lost connection, a restart and a restored backup are no lies" {
  start_host "$EX/counter.js" --dir a
  call "$URL" add 1
  stop_host
  cp -r a backup
  expect 3 "" call --timeout 2 "$URL" add 1 # nobody there
  [[ "$output" != *evidence* ]]
  start_host "$EX/counter.js" --dir a
  call "$URL" add 2
  audit --quiet "$URL"
  kill -9 "$HOST"
  wait "$HOST" || true
  start_host "$EX/counter.js" --dir a
  call "$URL" add 3
  audit --quiet "$URL"
  audit --quiet a
  stop_host
  expect 0 "what came later" audit backup # a copy from then
  start_host "$EX/counter.js" --dir backup
  expect 3 "incomplete: withheld" audit "$URL" # and served in place of what was published
  run call "$URL" get # it does not answer for what it signed, and that is all that can be said
  [ "$status" -ge 3 ]
  local file
  for file in "$XDG_DATA_HOME"/vms/evidence/*.json; do
    [ ! -e "$file" ] || expect 3 "incomplete: unproven" audit --check "$file"
  done
}

@test "a receipt is judged alone, offline" {
  start_host "$EX/counter.js" --dir a
  call "$URL" add 5
  stop_host
  receipts "a/services/$LEDGER" 3 > r
  expect 0 "ok: receipt of record" env -i "$BUILD/vms-audit" --check r
  expect 0 '"finding":null' env -i "$BUILD/vms-audit" --json --check r
  [ "$(member "$output" ledger)" = "$LEDGER" ]
  run env -i "$BUILD/vms-audit" --quiet --check r
  [ "$status" -eq 0 ] && [ -z "$output" ]
  expect 0 "ok: receipt of record" env -i "$BUILD/vms-audit" --check - < r
}

@test "a receipt that somebody changed is forged, and no finding" {
  start_host "$EX/counter.js" --dir a
  call "$URL" add 5
  stop_host
  receipts "a/services/$LEDGER" > r
  sed 's/\\"result\\":5/\\"result\\":6/' r > changed
  expect 3 "incomplete: forged" audit --check changed
  expect 3 '"kind":"forged"' audit --json --check changed
  sed 's/"signature":"0100/"signature":"0101/' r > changed
  expect 3 "incomplete: forged" audit --check changed
  expect 3 "was changed or never given" audit --no-kept --receipts changed a
  cut -c1-200 r > changed
  expect 3 "incomplete: forged" audit --check changed
}

@test "a second reader, written from the documentation alone, judges 400 changed texts alike" {
  forked
  receipts "a/services/$LEDGER" > texts
  expect 4 "" audit --no-kept --receipts texts --evidence proof b
  receipts "b/services/$LEDGER" > of-b
  expect 4 "" audit --no-kept --receipts of-b --evidence proof2 a
  cat proof proof2 of-b >> texts
  python3 "$ROOT/test/interop/receipts.py" change 400 "${SEED:-1}" < texts > changed
  cat texts >> changed
  python3 "$ROOT/test/interop/receipts.py" judge < changed > theirs
  audit --json --check changed > ours.json || [ $? -eq 1 ]
  python3 -c 'import json, sys
for line in sys.stdin:
    verdict = json.loads(line)
    kind = (verdict["finding"] or {}).get("kind")
    print({"ok": "ok", "finding": f"finding {kind}", "incomplete": kind}[verdict["verdict"]])' < ours.json > ours
  diff ours theirs
  [ "$(grep -c forged ours)" -gt 300 ] && grep -q '^finding fork$' ours && grep -q '^finding receipt$' ours && grep -q '^ok$' ours
}

@test "what is no receipt and no evidence is a mistake of the user's" {
  echo '{"ledgers":1}' > junk
  : > nothing
  expect 2 "neither a receipt nor evidence" audit --check junk
  expect 2 "empty" audit --check nothing
  expect 2 "absent" audit --check absent
  expect 2 "no URL or folder" audit --check junk ws://127.0.0.1/
  expect 2 "is no receipt" audit --receipts junk ws://127.0.0.1:1/
}
