# SPDX-License-Identifier: MIT
# A service's files as its clients read them: as of now and of then, whole and in parts, believed and proved.
# shellcheck shell=bash disable=SC2154
load ../support/helpers

# A host whose contract writes what it is told.
start_files() {
  cat > files.js <<'J'
exports.hello = name => `hello ${name}`
exports.put = async (path, data, encoding) => { await System.files.writeFile(path, data, encoding || 'utf8') }
exports.make = async path => { await System.files.mkdir(path) }
exports.remove = async path => { await System.files.unlink(path) }
exports.repeat = async (path, pattern, len) => { await System.files.writeFile(path, Buffer.alloc(len, pattern, 'base64')) }
J
  start_host files.js --dir data
}

# pattern FILE LEN: bytes with a period that no block or piece has; the pattern is in $PATTERN
pattern() {
  PATTERN=$(python3 -c 'import base64,random
print(base64.b64encode(random.Random(7).randbytes(997)).decode())')
  python3 -c 'import base64,sys
pattern, n = base64.b64decode(sys.argv[1]), int(sys.argv[2])
sys.stdout.buffer.write((pattern * (n // 997 + 1))[:n])' "$PATTERN" "$2" > "$1"
}

# silent STATUS TEXT COMMAND...: as expect, and nothing on stdout; what was on stderr is in $output
silent() {
  local wanted=$1 text=$2 status=0
  shift 2
  "$@" > silent.out 2> silent.err || status=$?
  output=$(cat silent.err)
  [ "$status" -eq "$wanted" ] || { echo "exit $status, wanted $wanted: $*"; echo "$output"; return 1; }
  [[ "$output" == *"$text"* ]] || { echo "no \"$text\" on stderr of: $*"; echo "$output"; return 1; }
  [ ! -s silent.out ] || { echo "on stdout: $(cat silent.out)"; return 1; }
}

@test "what a file was: --at reads it, history names who changed it, with which method and when" {
  start_files
  me=$(whoami_key)
  call "$URL" put /a one
  call "$URL" put /a two
  call --key other "$URL" put /b three
  call "$URL" remove /a
  call "$URL" files.history > history
  call "$URL" files.history /b > of_b
  call "$URL" files.history '{"reverse":true,"limit":1}' > newest
  python3 - "$me" "$(call --key other --whoami)" <<'P' > versions 2> line
import json, sys, time
h, of_b, newest = (json.load(open(name)) for name in ("history", "of_b", "newest"))
me, other = sys.argv[1:]
assert [(c["type"], c["path"]) for c in h] == [("put", "/a"), ("put", "/a"), ("put", "/b"), ("del", "/a")]
assert [c["record"]["caller"] for c in h] == [me, me, other, me]
assert [c["record"]["method"] for c in h] == ["put", "put", "put", "remove"]
assert h[0]["size"] == 3 and h[2]["size"] == 5 and not h[0]["isDirectory"]
assert all(abs(c["record"]["time"] - 1000 * time.time()) < 3600000 for c in h)
assert of_b == [h[2]] and newest == [h[3]]
print(h[0]["version"], "one")
print(h[1]["version"], "two")
print(h[3]["record"]["seq"] + 1, file=sys.stderr)
P
  [ "$(wc -l < versions)" -eq 2 ]
  while read -r version expected; do
    expect 0 "\"$expected\"" call --at "$version" "$URL" files.readFile /a
    [ "$(call --raw --at="$version" "$URL" files.readFile /a)" = "$expected" ]
    [ "$(call --raw --at "$version" "$URL" files.readFile /a binary)" = "$expected" ]
    expect 0 '"size":3' call --at "$version" "$URL" files.stat /a
    expect 0 '["a"]' call --at "$version" "$URL" files.readdir
    expect 0 "\"version\":$version," call --at "$version" "$URL" files.getInfo
  done < versions
  expect 1 "NotFoundError" call "$URL" files.readFile /a
  expect 1 "NotFoundError" call --at 2 "$URL" files.readFile /b
  expect 1 "NotFoundError" call --at 1000 "$URL" files.readFile /b
  # the number of the record is the one that the ledger has
  audit --log data | sed -n "$(cat line)p" | grep -q remove
}

@test "--verify prints what the host proves; whose ledger it is only #KEY says" {
  start_files
  call "$URL" put /a one
  call "$URL" put /a two
  call "$URL" make /dir
  for method in "readFile /a" "readFile /a hex" "readFile /none" "readFile /dir" "stat /a" "stat /none" "readdir" "readdir /a" "readdir /dir" \
    "history" "history /a" "history /none"; do
    for at in "" "--at 2"; do
      # shellcheck disable=SC2086
      run call $at "$URL#$LEDGER" files.$method
      said=$status$output
      # shellcheck disable=SC2086
      run call --verify $at "$URL#$LEDGER" files.$method
      [ "$status$output" = "$said" ] || { echo "files.$method: $said, verified: $status$output"; false; }
    done
  done
  expect 0 '"two"' call --verify "$URL#$LEDGER" files.readFile /a
  expect 1 "NotFoundError: " call --verify "$URL#$LEDGER" files.readFile /none
  [[ "$output" != *hint:* ]]
  expect 4 "answers there, and not" call --verify "$URL#$ARCHIVE" files.readFile /a
  [ "$(call --verify "$URL" files.readFile /a 2> err)" = '"two"' ]
  [ "$(wc -l < err)" -eq 1 ]
  grep -q "^hint: the ledger key is what the host told; .*#$LEDGER" err
  expect 2 "files.getInfo cannot be proved" call --verify "$URL" files.getInfo
}

@test "a binary file goes in and comes out byte for byte" {
  start_files
  python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 3 + b"\n\r\n\0\xff")' > logo.png
  : > empty
  call "$URL" put /logo.png "$(base64 -w0 logo.png)" base64
  call "$URL" put /empty ""
  for verify in "" --verify; do
    # shellcheck disable=SC2086
    {
      call --raw $verify "$URL#$LEDGER" files.readFile /logo.png binary | cmp - logo.png
      call --raw $verify "$URL#$LEDGER" files.readFile /logo.png '{"encoding":"binary"}' | cmp - logo.png
      call --raw $verify "$URL#$LEDGER" files.readFile /empty binary | cmp - empty
      call --raw $verify "$URL#$LEDGER" files.readFile /logo.png '{"encoding":"binary","offset":10,"length":20}' | cmp - <(tail -c +11 logo.png | head -c 20)
      call --raw $verify "$URL#$LEDGER" files.readFile /logo.png '{"encoding":"binary","offset":770}' | cmp - <(tail -c 3 logo.png)
      call --raw $verify --params '["/logo.png","binary"]' "$URL#$LEDGER" files.readFile | cmp - logo.png
    }
  done
  [ "$(call "$URL" files.readFile /logo.png binary)" = "{\"base64\":\"$(base64 -w0 logo.png)\"}" ]
  [ "$(call --raw "$URL" files.readFile /logo.png base64)" = "$(base64 -w0 logo.png)" ]
  silent 1 "NotFoundError" call --raw "$URL" files.readFile /none binary
  silent 1 "TypeError" call --raw "$URL" files.readFile /logo.png '{"encoding":"binary","version":-1}'
  silent 1 "TypeError" call --raw "$URL" files.readFile 5 binary
  # a file may say the same as an answer with bytes
  call "$URL" put /trap.json '"{\"base64\":\"QUJD\"}"'
  [ "$(call --raw "$URL" files.readFile /trap.json json)" = '{"base64":"QUJD"}' ]
}

@test "large files come in pieces of one version" {
  start_files
  pattern large 5242881
  head -c 4194304 large > piece
  call "$URL" repeat /large "$PATTERN" 5242881
  call "$URL" repeat /piece "$PATTERN" 4194304
  call "$URL" put /a later
  call --raw "$URL" files.readFile /large binary | cmp - large
  call --raw "$URL" files.readFile /piece binary | cmp - piece
  call --raw --verify "$URL#$LEDGER" files.readFile /large binary | cmp - large
  version=$(member "$(call "$URL" files.history /large)" 0.version)
  call "$URL" put /large now
  call --raw --at "$version" "$URL" files.readFile /large binary | cmp - large
  call --raw --verify "$URL#$LEDGER" files.readFile /large "{\"encoding\":\"binary\",\"version\":$version}" | cmp - large
  [ "$(call --raw "$URL" files.readFile /large binary)" = now ]
}

@test "a file too large for one answer: the error says what to do" {
  start_files
  pattern large 9437184
  call "$URL" repeat /large "$PATTERN" 9437184
  silent 1 "RangeError" call "$URL" files.readFile /large hex
  [[ "$output" == *"offset and length"* ]] && [[ "$output" == *"hint: "*"binary"* ]]
  silent 3 "RangeError" call --verify "$URL#$LEDGER" files.readFile /large hex
  [[ "$output" == *"hint: ask for less; --raw with the encoding binary"* ]]
  [ "$(call --raw "$URL" files.readFile /large '{"encoding":"hex","offset":9437180,"length":100}')" = "$(tail -c 4 large | od -An -tx1 | tr -d ' \n')" ]
}

@test "folders are listed whole, in pages and below" {
  start_files
  call "$URL" make /dir
  call "$URL" make /dir/empty
  for i in c a b; do call "$URL" put "/dir/$i" "$i"; done
  expect 0 '["dir"]' call "$URL" files.readdir
  expect 0 '["a","b","c","empty"]' call "$URL" files.readdir /dir
  expect 0 '["b","c"]' call "$URL" files.readdir /dir '{"after":"a","limit":2}'
  expect 0 '["dir","dir/a","dir/b","dir/c","dir/empty"]' call "$URL" files.readdir / '{"recursive":true}'
  expect 0 '["dir/c","dir/empty"]' call --verify "$URL#$LEDGER" files.readdir / '{"recursive":true,"after":"dir/b"}'
  expect 0 '"isDirectory":true' call "$URL" files.stat /dir/empty
  [ "$(member "$(call "$URL" files.readdir /dir '{"stat":true}')" 0.stat.size)" = 1 ]
}

@test "what goes wrong has DatArchive's name and the right exit status" {
  start_files
  call "$URL" put /a one
  call "$URL" make /dir
  silent 1 "NotFoundError" call "$URL" files.readFile /none
  silent 1 "NotAFileError" call "$URL" files.readFile /dir
  silent 1 "NotAFolderError" call "$URL" files.readdir /a
  silent 1 "InvalidEncodingError" call "$URL" files.readFile /a morse
  silent 1 "InvalidPathError" call "$URL" files.readFile /../a
  silent 1 "TypeError" call "$URL" files.stat
  silent 1 "SyntaxError" call "$URL" files.readFile /a json
  for method in writeFile mkdir unlink rmdir copy rename; do
    silent 1 "ArchiveNotWritableError: Only the contract can change files" call "$URL" "files.$method" /a /b
    silent 2 "no call that reads files" call --at 1 "$URL" "files.$method" /a /b
  done
  silent 1 "no method files.chmod" call "$URL" files.chmod /a
  silent 2 "--at needs a version, a whole number above 0" call --at 0 "$URL" files.stat /a
  silent 2 "--at needs a version" call --at -1 "$URL" files.stat /a
  silent 2 "--at needs a version" call --at 2.5 "$URL" files.stat /a
  silent 2 "--at needs a version" call --at 9007199254740992 "$URL" files.stat /a
  silent 2 "--at is for a METHOD that reads files" call --at 1 "$URL" hello bob
  silent 2 "--at is for a METHOD that reads files" call --at 1 "$URL" vms.info
  silent 2 "--verify is for a METHOD that reads files" call --verify "$URL" hello bob
  silent 2 "--verify is for a METHOD that reads files" call --verify "$URL" < /dev/null
  silent 2 "--at is for a METHOD that reads files" call --at 1 "$URL" < /dev/null
  silent 2 "have to be a JSON array" call --verify --params '{"path":"/a"}' "$URL" files.stat
  silent 2 "have to be an object" call --at 1 "$URL" files.stat /a utf8
}

@test "the examples of the man page run as printed" {
  start_files
  pattern picture 1000
  call "$URL" put /counter.json '"1"'
  call "$URL" put /logo.png "$(base64 -w0 picture)" base64
  count=0
  while IFS= read -r line; do
    line=${line//ws:\/\/127.0.0.1:5555\//$URL}
    line=${line//#KEY/#$LEDGER}
    PATH=$BUILD:$PATH run bash -c "$line"
    [ "$status" -eq 0 ] || { echo "exit $status: $line"; echo "$output"; false; }
    count=$((count + 1))
  done < <(sed -n 's/^\.Dl //p' "$ROOT/doc/man/vms-call.1")
  [ "$count" -ge 7 ]
  [ "$output" = '"1"' ]
  cmp logo.png picture
}

@test "a copy that somebody else serves proves the files as well" {
  start_files
  call "$URL" put /a one
  call "$URL" put /a two
  expect 0 "ok: " audit --store copies "$URL"
  stop_host
  first=$LEDGER
  start_host --dir copies
  [ "$LEDGER" = "$first" ]
  expect 0 '"two"' call --verify "$URL#$first" files.readFile /a
  expect 0 '"one"' call --verify --at 2 "$URL#$first" files.readFile /a
  expect 1 "NotFoundError" call --verify "$URL#$first" files.stat /b
  expect 0 '"method":"put"' call --verify "$URL#$first" files.history /a
}
