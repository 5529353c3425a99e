# SPDX-License-Identifier: MIT
# vms-host --replicate: Hypercore peers follow a running host over TCP and WebSocket, alone and in crowds; who is silent, slow or
# hostile harms nobody; a host that was killed is followed again; a copy is served onwards.
load ../support/helpers

# serve [ARG...]: as start_host, but the log is read too: sets PEERS, the port for peers.
serve() {
  launch "$@" || return 1
  PEERS=$(sed -n 's/^vms-host: replicating on 127\.0\.0\.1:\([0-9]*\)$/\1/p' "$T/host.err")
}

download() { timeout 300 "$BUILD/test/tools/hypercore" download "$@" < /dev/null; }
head_hash() { member "$(call "$URL" vms.head "\"$1\"")" treeHash; } # CORE
# The key of the blobs core: a hash of the manifest in its head.
blobs_key() {
  python3 - "$(member "$(call "$URL" vms.head '"blobs"')" manifest)" <<'PY'
import hashlib, sys
H = lambda b: hashlib.blake2b(b, digest_size=32).digest()
print(H(H(H(b"hypercore") + b"\3") + bytes.fromhex(sys.argv[1])).hex())
PY
}
length_in() { tail -1 "$1" | grep -o '"length":[0-9]*' | grep -o '[0-9]*$' || echo 0; } # FILE that `hypercore download` prints to
many_calls() { # FROM TO
  local i
  for i in $(seq "$1" "$2"); do echo "{\"method\":\"RSVP\",\"params\":[true,\"call $i\"]}"; done | call "$URL" > /dev/null
}

@test "where it listens is told in the log, stdout has one line per service" {
  serve "$EX/hello.js" --dir data --replicate 0 --replicate 127.0.0.1:0
  [ "$(wc -l < "$T/ready")" -eq 1 ]
  [ "$(grep -c '^vms-host: replicating on 127\.0\.0\.1:[0-9]*$' "$T/host.err")" -eq 2 ]
  expect 3 "port ${PEERS##*$'\n'} is in use already" "$BUILD/vms-host" --dir other --listen 0 --replicate "${PEERS##*$'\n'}" "$EX/hello.js"
  [[ "$output" == *"hint: --replicate with another port"* ]]
  expect 2 "no IP address" "$BUILD/vms-host" --dir other --listen 0 --replicate nowhere:5 "$EX/hello.js"
  stop_host
}

@test "all three cores are followed over TCP while calls are made" {
  local key blobs
  serve "$EX/rsvp.js" --dir data --replicate 0
  many_calls 1 5
  blobs=$(blobs_key)
  mkfifo hold
  for key in "$LEDGER" "$ARCHIVE" "$blobs"; do
    "$BUILD/test/tools/hypercore" download "$key" "127.0.0.1:$PEERS" --live < hold > "$key.out" 2> "$key.err" 3>&- &
    HOST_PIDS+=($!)
  done
  exec 9> hold
  many_calls 6 300
  for key in ledger:$LEDGER archive:$ARCHIVE blobs:$blobs; do
    wanted=$(head_hash "${key%%:*}")
    wait_until 'tail -1 "${key#*:}.out" | grep -q "$wanted"'
    tail -1 "${key#*:}.out" | grep "$wanted"
  done
  exec 9>&-
  stop_host
}

@test "the subprotocol hypercore carries the same, for the service at its path" {
  local bridge other
  serve "$EX/rsvp.js" --dir data --mount "/other=$EX/counter.js"
  other=$(sed -n 2p "$T/ready" | cut -d' ' -f2)
  many_calls 1 50
  python3 "$ROOT/test/support/bridge.py" "$URL" > bridge.port 2> bridge.err 3>&- &
  HOST_PIDS+=($!)
  wait_until '[ -s bridge.port ]'
  bridge=127.0.0.1:$(cat bridge.port)
  download "$LEDGER" "$bridge" | grep "$(head_hash ledger)"
  download "$ARCHIVE" "$bridge" | grep "$(head_hash archive)"
  download "$(blobs_key)" "$bridge" | grep "$(head_hash blobs)"
  run timeout 2 "$BUILD/test/tools/hypercore" download "$other" "$bridge" < /dev/null # it is at another path
  [ "$status" -ne 0 ]
  [ ! -s bridge.err ]
  stop_host
}

@test "fifty peers at once, and callers beside them" {
  local i pids=() wanted
  serve "$EX/rsvp.js" --dir data --replicate 0
  many_calls 1 200
  wanted=$(head_hash ledger)
  for i in $(seq 50); do
    download "$LEDGER" "127.0.0.1:$PEERS" > "peer$i" 2>&1 3>&- &
    pids+=($!)
  done
  expect 0 "" call --timeout 120 "$URL" RSVP true
  for i in "${pids[@]}"; do wait "$i"; done
  wanted="$wanted|$(head_hash ledger)" # of before the call, or after it
  for i in $(seq 50); do grep -Eq "\"length\":20[34],.*($wanted)" "peer$i" || { cat "peer$i"; false; }; done
  grep -q 'dropped' "$T/host.err" && { cat "$T/host.err"; false; }
  stop_host
}

@test "silent peers and garbage go, with a clean line in the log, and harm nobody" {
  serve "$EX/hello.js" --anonymous --dir data --replicate 0
  python3 - "$PEERS" "$URL" > peers.out <<'PY' 3>&- &
import os, socket, sys, time
port, web = int(sys.argv[1]), int(sys.argv[2].rsplit(":")[-1].strip("/"))
silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
for _ in range(5): # these upgrade, and then are silent
    silent.append(socket.create_connection(("127.0.0.1", web)))
    silent[-1].sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: hypercore\r\n\r\n")
for garbage in (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"\xff\xff\xff\x1b[31mred", b"\x20\x00\x00" + b"\x00" * 32, os.urandom(100000), b"\x00" * 1000):
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(120)
    try:
        s.sendall(garbage)
        while s.recv(65536): pass
    except ConnectionError: pass
begin = time.time()
for s in silent:
    s.settimeout(120)
    try:
        while s.recv(65536): pass
    except ConnectionError: pass
print("gone")
PY
  local script=$! i
  for i in $(seq 20); do expect 0 '"hello x"' call --anonymous --timeout 60 "$URL" hello x; done
  wait "$script"
  grep -q gone peers.out
  [ "$(grep -c '^vms-host: peer 127.0.0.1 was dropped: it does not finish the handshake$' "$T/host.err")" -ge 20 ]
  [ "$(grep -c '^vms-host: /: peer 127.0.0.1 was dropped: it does not finish the handshake$' "$T/host.err")" -eq 5 ]
  grep -q $'\033' "$T/host.err" && false
  expect 0 '"hello x"' call --anonymous "$URL" hello x
  stop_host
}

@test "a peer that stops reading costs little, and goes on later" {
  local before after peer
  cat > big.js <<'JS'
exports.big = async n => { for (let i = 0; i < 15; i++) await System.files.writeFile(`/${n}-${i}`, Buffer.alloc(1 << 20, i)) }
exports.hello = name => `hello ${name}`
JS
  serve big.js --dir data --replicate 0
  for i in 1 2 3 4; do expect 0 "" call "$URL" big "$i"; done
  for _ in $(seq 10); do # until it is stopped in the middle
    "$BUILD/test/tools/hypercore" download "$(blobs_key)" "127.0.0.1:$PEERS" < /dev/null > peer.out 3>&- &
    peer=$!
    sleep 0.05
    kill -STOP "$peer"
    [ -s peer.out ] || break
    kill -CONT "$peer"
    wait "$peer"
  done
  before=$(awk '/VmRSS/{print $2}' "/proc/$HOST/status")
  for i in $(seq 20); do expect 0 '"hello x"' call --timeout 60 "$URL" hello x; done
  after=$(awk '/VmRSS/{print $2}' "/proc/$HOST/status")
  [ $((after - before)) -lt 16384 ]
  [ ! -s peer.out ]
  kill -CONT "$peer"
  wait "$peer"
  grep "$(head_hash blobs)" peer.out
  stop_host
}

@test "a host that is killed in the middle is followed again on the same port" {
  local round calls peer before=0 now
  serve "$EX/rsvp.js" --dir data --replicate 0
  mkfifo hold
  for round in 1 2 3; do
    timeout 300 "$BUILD/test/tools/hypercore" download "$LEDGER" "127.0.0.1:$PEERS" --live --file copy.journal < hold > part.out 2> part.err 3>&- &
    peer=$!
    exec 9> hold
    many_calls "$round"000 "$round"999 2> /dev/null 3>&- 9>&- &
    calls=$!
    wait_until '[ "$(length_in part.out)" -gt "$before" ]'
    sleep "0.$((round * 2))"
    kill -9 "$HOST"
    wait "$HOST" || true
    exec 9>&-
    wait "$peer" || true
    wait "$calls" || true
    now=$(length_in part.out)
    [ "$now" -gt "$before" ] # it followed until then
    before=$now
    serve "$EX/rsvp.js" --dir data --replicate "$PEERS"
  done
  many_calls 1 10
  download "$LEDGER" "127.0.0.1:$PEERS" --file copy.journal | grep "$(head_hash ledger)"
  stop_host
  expect 0 "ok:" audit data
}

@test "a copy without secret is served onwards: read, replicated, not called" {
  local ledger archive wanted
  serve "$EX/rsvp.js" --dir data
  many_calls 1 20
  wanted=$(head_hash ledger)
  ledger=$LEDGER archive=$ARCHIVE
  stop_host
  cp -r data copy
  rm copy/lock copy/services/*/secret
  serve --dir copy --replicate 0
  [ "$LEDGER $ARCHIVE" = "$ledger $archive" ]
  grep -q '^vms-host: /: a mirror: no secret is here, calls are refused$' "$T/host.err"
  expect 1 "this is a mirror: it has no key to sign with; call the original host" call "$URL" RSVP true
  expect 0 '"mirror":true' call "$URL" vms.info
  [ "$(head_hash ledger)" = "$wanted" ]
  download "$ledger" "127.0.0.1:$PEERS" | grep "$wanted"
  download "$archive" "127.0.0.1:$PEERS" | grep "$(head_hash archive)"
  expect 0 "ok:" audit "$URL"
  stop_host
  [ ! -e copy/services/*/secret ]
}

@test "what vms-audit --store keeps is served onwards, and the copy of the copy too" {
  local wanted url
  serve "$EX/rsvp.js" --dir data --mount "/other=$EX/counter.js"
  many_calls 1 20
  wanted=$(head_hash ledger)
  url=$URL
  expect 0 "ok:" audit --store store "$url"
  expect 0 "ok:" audit --store store "${url}other"
  expect 0 "ok:" audit store
  cut -d' ' -f2- "$T/ready" | sort > original
  stop_host
  serve --dir store --replicate 0
  cut -d' ' -f2- "$T/ready" | sort | diff - original
  [ "$(head_hash ledger)" = "$wanted" ]
  expect 1 "this is a mirror" call "$URL" RSVP true
  download "$LEDGER" "127.0.0.1:$PEERS" | grep "$wanted"
  expect 0 "ok:" audit --store second "$URL"
  expect 3 "is served by process" audit --store store "$URL" # which the mirror itself has open
  stop_host
  # a service of one's own beside the copies
  serve --dir second --mount "/mine=$EX/hello.js"
  [ "$(wc -l < "$T/ready")" -eq 2 ]
  [ "$(grep -c 'a mirror: no secret' "$T/host.err")" -eq 1 ]
  expect 0 '"hello x"' call "${URL}mine" hello x
  expect 1 "this is a mirror" call "$URL" RSVP true
  stop_host
}

@test "a folder of nothing but unfinished copies is nothing to serve" {
  start_host "$EX/hello.js" --dir data
  stop_host
  rm data/services/*/secret
  truncate -s 264 data/services/*/journal
  expect 3 "nothing is left to serve" "$BUILD/vms-host" --listen 0 --dir data
  [[ "$output" == *"this copy is passed over: the copy is not finished"* ]]
}
