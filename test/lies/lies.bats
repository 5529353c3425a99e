# SPDX-License-Identifier: MIT
# A host that lies, as cleverly as it can with its own keys: each lie is told to a copy of an honest folder, everything is
# rebuilt and signed anew, and a separate vms-audit must name the right kind of finding.
load ../support/helpers

# An honest RSVP ledger of 6 records: init block, start, init, three calls.
honest() {
  start_host "$EX/rsvp.js" --dir honest
  call "$URL" RSVP true "see you"
  call --key bob "$URL" RSVP false "other plans"
  call --key eve "$URL" RSVP true "with cake"
  SEEN=$(call "$URL" vms.head)
  SEEN="$(member "$SEEN" length):$(member "$SEEN" treeHash)"
  stop_host
  audit --quiet honest
}

# A hello ledger whose last two calls come from two callers who both saw an older head, so that neither witnesses the other.
honest_hello() {
  local who
  start_host "$EX/hello.js" --dir honest
  for who in ann ben; do
    mkfifo "$who.in"
    : > "$who.out" # it is looked at before the caller is under way
    call --key "$who" "$URL" < "$who.in" >> "$who.out" 3>&- &
  done
  exec 7> ann.in 8> ben.in
  for who in 1 2 3; do say ann 7; say ben 8; done
  exec 7>&- 8>&-
  SEEN=$(call "$URL" vms.head)
  SEEN="$(member "$SEEN" length):$(member "$SEEN" treeHash)"
  stop_host
  audit --quiet honest
}

say() { # NAME FD: one more line into a running batch, and wait for its answer
  local before answers=$1.out
  before=$(wc -l < "$answers")
  echo "{\"method\":\"hello\",\"params\":[\"$1\"]}" >&"$2"
  wait_until '[ "$(wc -l < "$answers")" -gt "$before" ]'
}

tell() { # KIND: a copy in ./lying
  rm -rf lying
  cp -r honest lying
  ASAN_OPTIONS=detect_leaks=0 "$BUILD/test/tools/lie" "$1" "lying/services/$LEDGER" # its memory ends with it
}

caught() { # LIE FINDING [RECORD]
  tell "$1"
  run audit --no-kept --json lying
  [ "$status" -eq 1 ] || { echo "$1: exit $status: $output"; return 1; }
  [[ "$output" == '{"verdict":"finding",'*'"finding":{"kind":"'"$2"'","seq":'"${3:-}"* ]] || { echo "$1: $output"; return 1; }
  [ -z "${3:-}" ] || [[ "$output" == *'"seq":'"$3"',"caller":'* ]] || { echo "$1: $output"; return 1; }
}

@test "rebuilding and signing without a lie is no finding" {
  honest
  tell nothing
  expect 0 "ok: 6 records" audit --no-kept lying
}

@test "a changed result, an invented error, changed steps" {
  honest
  caught result result 5
  [ "$(member "$output" finding.expected)" = undefined ]
  [ "$(member "$output" finding.found)" = '"something else"' ]
  [ "$(member "$output" finding.method)" = RSVP ]
  [ "${#output}" -gt 0 ] && [ "$(member "$output" finding.caller)" = "$(call --key eve --whoami)" ]
  caught error result 5
  caught steps steps 5
}

@test "changed files: in the archive alone, and with the records altered to match" {
  honest
  caught archive archive 5
  caught files files 5
  caught metadata files 5
  caught extra-block archive
  caught extra-blob archive
}

@test "callers: forged signatures, changed requests, stolen requests, unsigned and repeated calls, a second init" {
  honest
  caught signature caller 5
  caught request caller 5
  caught caller caller 5
  caught unsigned caller 6
  caught repeat caller 6
  caught second-init caller 6
}

@test "randomness: of another key, of another call, not proved" {
  start_host "$EX/dice.js" --dir honest
  expect 0 "[" call "$URL" roll
  expect 0 "[" call "$URL" roll 2 20
  expect 1 "1 to 100 dice" call "$URL" roll 0
  expect 0 "[" call "$URL" roll 3
  stop_host
  expect 0 "ok: 7 records" audit --no-kept honest
  caught vrf-other-key vrf 6
  caught vrf-missing vrf 6
  expect 0 "ok: " audit --no-kept --level chain lying # only a replay knows that it drew
  caught vrf-other-call vrf 6
  expect 1 "finding: vrf at record 6" audit --no-kept --level chain lying
}

@test "starts: in the wrong place, with other files, missing" {
  honest
  caught start-place start 6
  caught start-files start 6
  caught start-missing start 1
}

@test "time running backwards; another script" {
  honest
  caught time time 5
  tell code
  run audit --no-kept lying
  [ "$status" -eq 1 ]
}

@test "records of another form: unknown, duplicate, spaced, respelled" {
  honest
  caught unknown-member ledger 5
  caught duplicate-member ledger 5
  caught white-space ledger 5
  caught escape ledger 5
  caught oracle ledger 5
}

# An incomplete audit is no finding: exit 3 and its own word.
untold() { # LIE WORD
  tell "$1"
  run audit --no-kept --json lying
  [ "$status" -eq 3 ] || { echo "$1: exit $status: $output"; return 1; }
  [[ "$output" == '{"verdict":"incomplete",'*'"finding":{"kind":"'"$2"'",'* ]] || { echo "$1: $output"; return 1; }
}

@test "block 0: limits changed, set to nothing or to more than an auditor grants, another engine, another archive, respelled" {
  honest
  caught limit fork 3 # the first caller saw another block 0
  caught limit-zero ledger 0
  caught other-archive archive 0
  caught code-escape ledger 0
  untold limit-huge budget
  untold engine engine
}

@test "blocks that are no records: text, nothing, a million brackets, 15 MiB" {
  honest
  caught no-json ledger 5
  caught empty-block ledger 5
  caught deep ledger 5
  caught files-member ledger 5
  tell huge
  expect 1 "finding: result at record 5" audit --no-kept lying
}

@test "beginnings: nothing, block 0 alone, no init, init with parameters, a start that is said to have failed" {
  honest
  untold empty-ledger withheld
  caught only-block-0 start 0
  caught init-missing caller 2
  caught init-params caller 2
  caught start-error result 1
  caught start-aborted start 6
  tell start-boot
  expect 0 "ok: 7 records" audit --no-kept lying
  expect 0 "ok: 7 records verified" audit --no-kept --level chain lying
}

@test "a call that was held back until it had expired" {
  honest
  caught late caller 5
}

@test "the archive: its header, garbage, too short" {
  honest
  caught archive-header archive 1
  caught archive-garbage archive 1
  caught blobs files 5
  untold archive-short withheld
  untold blobs-short withheld
}

@test "exit statuses: usage 2, what the user knows 4, nothing there 3" {
  honest
  expect 0 "ok: 6 records" audit --ledger "$LEDGER" --seen "$SEEN" --code "$EX/rsvp.js" honest
  expect 4 "finding: ledger" audit --code "$EX/hello.js" honest
  expect 4 "another ledger" audit --ledger "${LEDGER//[0-9]/7}" honest
  expect 3 "incomplete: short" audit --min-length 100 honest
  expect 3 "incomplete: budget" audit --max-steps 10 honest
  expect 3 "incomplete: budget" audit --max-memory 10 honest
  expect 3 "no folder" audit nowhere
  expect 2 "" audit
  expect 2 "" audit --code nowhere.js honest
  expect 2 "" audit --seen 5 honest
  expect 2 "" audit --level some honest
  expect 2 "" audit --max-bytes x honest
  start_host "$EX/rsvp.js" --dir honest
  expect 0 "ok: 6 records" audit "$URL#$LEDGER"
  expect 4 "another ledger" audit "$URL#${LEDGER//[0-9]/7}"
  expect 3 "incomplete: budget" audit --max-bytes 300 "$URL"
}

@test "text output: first line, record, both sides" {
  honest
  tell result
  run audit --no-kept lying
  [ "$status" -eq 1 ]
  [[ "${lines[0]}" == "finding: result at record 5: "* ]]
  [[ "$output" == *"expected     undefined"* ]]
  [[ "$output" == *'found        "something else"'* ]]
}

@test "what a consistent liar does unseen is said to be unchecked, and caught with --seen" {
  honest_hello
  for lie in cut drop reorder; do
    tell "$lie"
    run audit --no-kept lying
    [ "$status" -eq 0 ] || { echo "$lie: $output"; false; }
    [[ "$output" == *"not checked"*"dropped, reordered or cut off"* ]]
    expect 4 "finding: fork" audit --no-kept --seen "$SEEN" lying
  done
  run audit --seen "$SEEN" honest
  [ "$status" -eq 0 ]
  [[ "$output" != *"dropped, reordered or cut off"* ]]
}

@test "a later caller is a witness: what it saw cannot be taken back" {
  honest
  for lie in drop; do
    tell "$lie"
    run audit --no-kept --json lying
    [ "$status" -eq 1 ]
    [ "$(member "$output" finding.kind)" = fork ]
  done
}

@test "a lying host is caught over the network as well" {
  honest
  tell result
  start_host "$EX/rsvp.js" --dir lying
  expect 1 "finding: result at record 5" audit --no-kept "$URL"
}
