# SPDX-License-Identifier: MIT
# What vms-call keeps and holds hosts to: ledgers by URL, newest heads, receipts.
load ../support/helpers
load ../support/prompt

call() { timeout 300 "$BUILD/vms-call" "$@"; }

service() {
  cat > service.js <<'J'
let n = 0
exports.add = () => ++n
exports.boom = () => { throw new Error('not today') }
J
  start_host service.js --dir data "$@"
  port=${URL##*:}; port=${port%/}
}

serve_at_port() { # DIR [ARG...]: another host where the first one was
  stop_host
  start_host service.js --dir "$1" --listen "127.0.0.1:$port" "${@:2}"
}

@test "a receipt is written, of many calls one a line; the auditor takes it" {
  service
  [ "$(call --receipt one "$URL" add)" = 1 ]
  [ "$(wc -l < one)" -eq 1 ] && [ "$(member "$(cat one)" ledger)" = "$LEDGER" ] && [ "$(member "$(cat one)" seq)" = 2 ]
  [ "$(member "$(member "$(cat one)" record)" result)" = 1 ]
  expect 0 "" audit --check one
  echo 'what was there before' > errors
  expect 1 "not today" call --receipt errors "$URL" boom
  [ "$(wc -l < errors)" -eq 1 ] && [ "$(member "$(member "$(cat errors)" record)" error.message)" = "not today" ]
  cp errors untouched
  expect 1 "no method" call --receipt errors "$URL" goodbye # a refusal has none, and nothing was called
  cmp errors untouched
  expect 1 "no method" call --receipt none "$URL" goodbye
  [ ! -e none ]
  printf '{"method":"%s"}\n' add vms.info goodbye boom add > in
  run bash -c "'$BUILD/vms-call' --receipt many '$URL' < in > out"
  [ "$status" -eq 1 ]
  [ "$(wc -l < many)" -eq 3 ]
  for i in 1 2 3; do [ "$(member "$(sed -n ${i}p many)" seq)" = $((3 + i)) ]; done
  expect 0 "" audit --receipts many "$URL"
}

@test "an answer without a receipt: the result is printed, and exit status 3 says that the host can take it back" {
  service --durability os
  got=$(call --receipt one "$URL" add 2> err; echo "status $?")
  [ "$got" = $'1\nstatus 3' ]
  grep -q '^vms-call: the answer came without a receipt' err && grep -q '^hint: .*--durability os' err
  [ ! -e one ]
  expect 0 2 call "$URL" add
  got=$(echo '{"method":"add"}' | call --receipt one "$URL" 2> err; echo "status $?")
  [ "$got" = $'{"result":3}\nstatus 3' ]
}

@test "--head tells the newest head kept, for vms-audit --seen, and nobody is asked" {
  service
  expect 3 "no head of this service is kept" call --head "$URL"
  call "$URL" add
  head=$(call "$URL" vms.head)
  [ "$(call --head "$URL")" = "$(member "$head" length):$(member "$head" treeHash)" ]
  [ "$(call --head "$URL#$LEDGER")" = "$(call --head "$URL")" ]
  before=$(call --head "$URL")
  call "$URL" add
  [ "$(call --head "$URL")" != "$before" ]
  call --no-receipt "$URL" add && call --keep other "$URL" add
  [ "$(cut -d: -f1 <<< "$(call --keep other --head "$URL")")" -gt "$(cut -d: -f1 <<< "$before")" ]
  expect 0 "ok: " audit --seen "$(call --head "$URL")" "$URL"
  stop_host
  call --head "$URL"
  [ "$(find kept/vms -perm /077 | wc -l)" -eq 0 ] # for nobody else to read
}

@test "a URL with another ledger is refused, whatever is asked, until --forget or #KEY says that it is right" {
  service
  first=$LEDGER
  call "$URL" add
  serve_at_port other
  [ "$LEDGER" != "$first" ]
  for arguments in "add" "vms.info" "files.readdir" "vms.subscribe"; do
    expect 4 "ledger ${LEDGER:0:16}… answers there, and not ${first:0:16}…, as before" call "$URL" $arguments
    [[ "$output" == *"hint: the host's ledger key changed: "*"vms-call --forget URL"* ]]
  done
  expect 4 "answers there" call --anonymous "$URL" vms.info
  run bash -c "echo '{\"method\":\"add\"}' | '$BUILD/vms-call' '$URL'"
  [ "$status" -eq 4 ]
  [ "$(call --key k "$URL?x" vms.head > /dev/null 2>&1; echo $?)" = 4 ] # whoever spells it otherwise gets no further
  expect 0 "" call --forget "$URL"
  expect 3 "nothing is kept about this URL" call --forget "$URL"
  expect 0 1 call "$URL" add
  grep -q "$LEDGER" kept/vms/pins && ! grep -q "$first" kept/vms/pins
  serve_at_port data
  expect 4 "as before" call "$URL" add
  expect 4 "as the URL says" call "$URL#${LEDGER//[0-9]/0}" add
  expect 0 1 call "$URL#$LEDGER" add # the right key, and the URL stands for it from now on
  expect 0 2 call "$URL" add
}

@test "a folder that cannot be written: calls go on and it is told; a damaged file stops them and is named" {
  service
  touch file
  got=$(call --keep file/x "$URL" add 2> err; echo "status $?")
  [ "$got" = $'1\nstatus 0' ]
  grep -q '^hint: not kept: ' err
  got=$(env -u HOME -u XDG_DATA_HOME "$BUILD/vms-call" "$URL" add 2> err; echo "status $?")
  [ "$got" = $'2\nstatus 0' ]
  grep -q '^hint: .*nothing is kept about services; --keep DIR' err
  call "$URL" add
  echo nonsense >> kept/vms/pins
  expect 3 "pins is damaged" call "$URL" add
  [[ "$output" == *"hint: look at the file"* ]]
  expect 3 "pins is damaged" call --head "$URL"
  expect 0 "the ledger that vms-call keeps for this URL is left out" audit "$URL"
}

@test "a full disk under what is kept: calls go on and it is told" {
  service
  call "$URL" add
  got=$( (ulimit -f 0; call --keep full "$URL" add 2>&1 > >(cat > result)) | cat; echo "status ${PIPESTATUS[0]}")
  [[ "$got" == *"hint: not kept: cannot write"*"no space left"*"status 0" ]] || { echo "$got"; false; }
  expect 0 3 call --keep full "$URL" add
}

@test "vms.subscribe: records from a number on, one a line, then those that come; --count ends it" {
  service
  call "$URL" add
  call --count 3 "$URL" vms.subscribe 0 > all
  [ "$(wc -l < all)" -eq 3 ]
  for i in 0 1 2; do [ "$(member "$(sed -n $((i + 1))p all)" seq)" = $i ]; done
  [ "$(member "$(head -1 all)" record.type)" = init ]
  [ "$(call --raw --count 1 "$URL" vms.subscribe 2)" = "$(call "$URL" vms.blocks ledger 2 3 | python3 -c 'import base64, json, sys; print(base64.b64decode(json.load(sys.stdin)["blocks"][0]).decode())')" ]
  call --count 2 --params '{"from":2}' "$URL" vms.subscribe > later 3>&- & follower=$!
  wait_until '[ -s later ]'
  call "$URL" add
  wait "$follower"
  [ "$(member "$(tail -1 later)" seq)" = 3 ] && [ "$(member "$(tail -1 later)" record.result)" = 2 ]
  call --count 1 "$URL" vms.subscribe > new 3>&- & follower=$! # from now on
  wait_until 'call "$URL" boom > boomed 2>&1; [ -s new ]' # the first one that it sees
  wait "$follower"
  [ "$(member "$(cat new)" record.error.message)" = "not today" ]
  for bad in x -1 1.5 '{"from":"x"}'; do expect 2 "number of the first record" call "$URL" vms.subscribe "$bad"; done
  expect 2 "--count is for vms.subscribe" call --count 1 "$URL" add
  expect 2 "--count needs a number" call --count 0 "$URL" vms.subscribe
  unset NO_COLOR
  terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
> vms.subscribe 0
< "init"
< "not today"
! \x03
< ^C
< vms>
> add
< \e[33m3
> .exit
wait 0
S
  expect 1 "vms.subscribe: from is beyond the ledger" call "$URL" vms.subscribe 99999
  [[ "$output" == *"hint: vms.head tells"* ]]
}

@test "a script that does not start any more is an error, and no receipt is missing: nothing ran" {
  service
  start_liar << 'J'
{"vms.call": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":1,\"message\":\"late\",\"data\":{\"name\":\"Error\",\"message\":\"late\"}}}"}
J
  expect 1 "vms-call: Error: late" call --receipt none "$URL" add
  [[ "$output" != *receipt* ]] && [ ! -e none ]
}

@test "no report is anything that a terminal would obey, as JSON neither; elsewhere it is as it was recorded" {
  bad=$'a\xe2\x80\xaeb\xc2\x9b31m'
  printf 'exports["%s"] = () => "%s"\n' "$bad" "$bad" > service.js
  start_host service.js --dir data
  call --receipt one "$URL" "$bad" > result
  for json in '' --json; do
    # shellcheck disable=SC2086
    terminal "$BUILD/vms-audit" $json --check one < <(echo wait 0)
    run env LC_ALL=C grep -e $'\xe2\x80\xae' -e $'\xc2\x9b' screen
    [ "$status" -eq 1 ]
    grep -qF 'a\u202eb\u009b31m' screen
  done
  run audit --json --check one
  [ "$(member "$output" method)" = "$bad" ]
}

@test "following goes on where it was when the host comes back" {
  service
  call --count 3 "$URL" vms.subscribe 2 > followed 2> err 3>&- & follower=$!
  call "$URL" add
  wait_until '[ -s followed ]'
  serve_at_port data
  call "$URL" add
  wait "$follower"
  [ "$(member "$(tail -1 followed)" seq)" = 4 ]
  [ ! -s err ]
}

@test "a mirror that is behind is not asked and not accused; once it is brought up to date it answers" {
  start_host "$EX/rsvp.js" --dir data
  call "$URL" RSVP true
  audit --store copy "$URL" > /dev/null
  original=$URL
  call "$original" RSVP false
  start_host --dir copy
  expect 3 "this mirror is behind: it shows 4 of 5 records" call "$URL" files.readdir /rsvps
  [[ "$output" == *"hint: ask the original host"* ]]
  expect 3 "this mirror is behind" call "$URL" RSVP true
  [ ! -e kept/vms/evidence ]
  expect 0 ".json" call --keep other "$URL" files.readdir /rsvps
  stop_host
  audit --store copy "$original" > /dev/null
  start_host --dir copy
  expect 0 ".json" call "$URL" files.readdir /rsvps
  expect 0 ".json" call --keep other "$URL" files.readdir /rsvps # it saw four, and five go on from them
  expect 1 "this is a mirror" call "$URL" RSVP true
}

@test "a host that goes back behind what it signed, or signs another history, is refused with exit status 4 and evidence" {
  service
  call "$URL" add
  stop_host
  cp -r data backup
  start_host service.js --dir data --listen "127.0.0.1:$port"
  call "$URL" add && call "$URL" add
  stop_host
  rm -rf data && mv backup data
  start_host service.js --dir data --listen "127.0.0.1:$port"
  expect 4 "the host shows 3 records and had signed 6: an old copy, or it hides some" call "$URL" add
  [[ "$output" == *"hint: ask its owner"* && "$output" != *evidence* ]]
  [ ! -e kept/vms/evidence ] # anybody can show an old head: that proves nothing
  for i in 1 2 3 4; do call --keep other --key k "$URL" add; done # who knows nothing of it lets the host sign another history
  for arguments in add vms.info files.readdir; do
    expect 4 "the host signed two histories, evidence: " call "$URL" $arguments
    [[ "$output" == *", evidence: $XDG_DATA_HOME/vms/evidence/${LEDGER:0:16}-1.json"* ]] # all of the path, however long
    [[ "$output" == *"hint: "*"vms-audit --check '$XDG_DATA_HOME/vms/evidence/${LEDGER:0:16}-1.json'"* ]]
  done
  run bash -c "yes '{\"method\":\"add\"}' | head -5 | '$BUILD/vms-call' '$URL'"
  [ "$status" -eq 4 ]
  expect 1 "the host signed two histories" audit --check kept/vms/evidence/*-1.json
  [ "$(find kept/vms/evidence -name '*.json' | wc -l)" -eq 1 ] # the same is written once
}
