# SPDX-License-Identifier: MIT
# vms-call over TLS and Unix sockets, and through connections that are lost: a call runs once.
load ../support/helpers

call() { timeout 300 "$BUILD/vms-call" "$@"; }

@test "wss: a certificate that is not trusted is refused and --ca trusts it; Unix sockets" {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2> /dev/null
  start_host "$EX/hello.js" --dir data --tls-cert cert.pem --tls-key key.pem
  [[ "$URL" == wss://* ]]
  expect 3 "certificate" call "$URL" hello you
  [[ "$output" == *"--ca FILE"* ]]
  expect 0 '"hello you"' call --ca cert.pem "$URL" hello you
  expect 0 '"hello you"' call --ca cert.pem "$URL#$LEDGER" hello you
  expect 2 "cannot read nofile: " call --ca nofile "$URL" hello you
  stop_host
  start_host "$EX/hello.js" --dir other --listen "unix:$T/socket"
  expect 0 '"hello you"' call "$URL" hello you
  expect 0 '"hello you"' call "ws+unix:$T/socket:/" hello you
  expect 3 "socket" call "ws+unix:$T/nosocket:/" hello you
}

@test "a batch through a host that is killed again and again: every line has its outcome, every call ran once" {
  printf 'let n = 0\nexports.add = async k => { await System.files.writeFile("/" + k, "1"); return k }\n' > service.js
  start_host service.js --dir data
  port=${URL##*:}; port=${port%/}
  for i in $(seq 400); do echo "{\"method\":\"add\",\"params\":[$i]}"; done > in
  (sed -n 1,100p in; sleep 0.4; sed -n 101,250p in; sleep 0.6; sed -n '251,$p' in) | call --timeout 200 "$URL" > out 2> err 3>&- & caller=$!
  for round in 1 2 3; do
    sleep 0.3
    kill -9 "$HOST"; wait "$HOST" || true
    start_host service.js --dir data --listen "127.0.0.1:$port"
  done
  wait "$caller"
  for i in $(seq 400); do echo "{\"result\":$i}"; done | cmp - out
  [ ! -s err ]
  [ "$(audit --log "$URL" | grep -c '"type":"call"')" -eq 400 ]
  expect 0 "ok: " audit "$URL"
}

@test "an unsigned call whose connection is lost is not sent again: nobody knows whether it ran" {
  printf 'exports.f = () => 1\nexports.spin = () => { for (;;); }\n' > service.js
  start_host service.js --dir data --anonymous --max-steps 100000000000
  call --anonymous "$URL" spin > out 2> err 3>&- & caller=$!
  wait_for_work
  kill -9 "$HOST"
  status=0; wait "$caller" || status=$?
  [ "$status" -eq 3 ] && [ ! -s out ]
  grep -q 'closed the connection' err && grep -q '^hint: .*ask the service' err
}

@test "a head that was garbled on the way convicts nobody, whichever it is" {
  cat > garble.py <<'PY'
import re, socket, sys, threading
wanted, host = int(sys.argv[1]), int(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def pass_on(source, sink, seen):
    try:
        while data := source.recv(65536):
            def change(match):
                seen[0] += 1
                return match[1] + (b"0" if match[2] != b"0" else b"1") if seen[0] == wanted else match[0]
            sink.sendall(re.sub(rb'("manifest":"[0-9a-f]{120})([0-9a-f])', change, data))
    except OSError: pass
    sink.shutdown(socket.SHUT_RDWR)
while True:
    client = listener.accept()[0]
    real = socket.create_connection(("127.0.0.1", host))
    threading.Thread(target=pass_on, args=(client, real, [-99]), daemon=True).start()
    threading.Thread(target=pass_on, args=(real, client, [0]), daemon=True).start()
PY
  start_host "$EX/rsvp.js" --dir data
  call "$URL" RSVP true
  local port=${URL##*:}
  for head in 1 2 3 4 5 6; do
    python3 garble.py "$head" "${port%/}" > "garbled$head" 2> /dev/null 3>&- & HOST_PIDS+=($!)
    wait_until '[ -s "garbled$head" ]'
    run audit --timeout 60 --no-kept "ws://127.0.0.1:$(cat "garbled$head")/"
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { echo "head $head: $output"; false; }
    statuses+=" $status"
  done
  [[ "$statuses" == *3*3* ]] # not all of them are looked at
}
