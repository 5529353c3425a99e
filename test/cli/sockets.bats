#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Goal: Unix sockets, IPv6 and several addresses. Method: the tools, and curl through the socket.

load ../support/helpers

has_ipv6() { python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' 2> /dev/null; }

@test "unix: a call, files, an audit and a copy over a socket, which goes with the host" {
  start_host "$EX/rsvp.js" --dir data --listen unix:s
  [ "$URL" = "ws+unix:$PWD/s:/" ]
  [ -S s ]
  expect 0 "" call "$URL" RSVP true yes
  expect 0 ".json" call "$URL" files.readdir /rsvps
  expect 0 ".json" call --verify "$URL#$LEDGER" files.readdir /rsvps
  expect 0 "rsvps" call ws+unix:./s:/ files.readdir /
  expect 0 "ok: " audit "$URL"
  expect 0 "ok: " audit --store copies "$URL"
  expect 0 "ok: " audit copies
  run curl -s -m 100 -o /dev/null -w '%{http_code}' --unix-socket s http://whatever.example/
  [ "$output" = 426 ]
  expect 3 "there is no socket" call "ws+unix:$PWD/t:/" RSVP true yes
  expect 3 "nobody answers at socket" call "ws+unix:$EX/rsvp.js:/" RSVP true yes
  stop_host
  [ ! -e s ]
}

@test "unix: the umask says who may connect" {
  (umask 007; exec "$BUILD/vms-host" "$EX/hello.js" --dir data --listen unix:s --quiet > ready 2> host.err 3>&-) & HOST=$!; HOST_PIDS+=("$HOST")
  wait_until '[ -s ready ]'
  [ "$(stat -c %a s)" = 770 ]
  stop_host
}

@test "unix: a socket is taken over if nobody listens there, and only then" {
  start_host "$EX/counter.js" --dir data --listen unix:s
  expect 0 1 call "$URL" add 1
  expect 3 "somebody listens at socket s already" "$BUILD/vms-host" "$EX/hello.js" --dir other --listen unix:s
  expect 0 2 call "$URL" add 1
  kill -9 "$HOST"
  run wait "$HOST"
  [ -S s ]
  expect 3 "nobody answers at socket" call "$URL" add 1
  start_host "$EX/counter.js" --dir data --listen unix:s
  expect 0 3 call "$URL" add 1
  # whoever put theirs in its place keeps it
  rm s
  python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("s")'
  stop_host
  [ -S s ]
}

@test "unix: of two that find the same dead socket one takes it over" {
  cat > other.py <<'PY'
import fcntl, os, socket, time
dead = socket.socket(socket.AF_UNIX); dead.bind("s"); dead.close()
folder = os.open(".", os.O_RDONLY)
fcntl.flock(folder, fcntl.LOCK_EX)
print("found", flush=True)
time.sleep(0.6)
os.unlink("s")
taken = socket.socket(socket.AF_UNIX); taken.bind("s"); taken.listen(8)
os.close(folder)
time.sleep(600)
PY
  python3 other.py > found 3>&- & HOST_PIDS+=($!)
  wait_until '[ -s found ]'
  expect 3 "somebody listens at socket s already" timeout 200 "$BUILD/vms-host" "$EX/hello.js" --dir data --listen unix:s
  [ -S s ]
}

@test "unix: paths that cannot be" {
  host() { "$BUILD/vms-host" "$EX/hello.js" --dir data --listen "$@"; }
  expect 2 "needs the path" host unix:
  long=$(printf 'x%.0s' $(seq 108))
  expect 2 "at most 107 bytes, this one has 108" host "unix:$long"
  [[ "$output" == *"hint: --listen unix:PATH"* ]]
  expect 3 "its folder is not there" host unix:no/such/s
  echo precious > file
  expect 3 "file is there already, and is no socket" host unix:file
  [ "$(cat file)" = precious ]
  mkdir folder
  expect 3 "folder is there already" host unix:folder
  expect 2 "Unix socket" host 0 --replicate unix:s
  [ ! -e data/services.json ]
  start_host "$EX/hello.js" --dir data --listen "unix:a b%#?:é"
  [ "$URL" = "ws+unix:$PWD/a%20b%25%23%3F:%C3%A9:/" ]
  expect 0 "hello me" call "$URL" hello me
  expect 0 "hello me" call "$URL?user=x:/y#$LEDGER" hello me
  stop_host
}

@test "IPv6: loopback, the wildcard, and IPv4 through it" {
  has_ipv6 || skip "no ::1 on this machine"
  start_host "$EX/counter.js" --dir data --listen '[::1]:0'
  [[ "$URL" == 'ws://[::1]:'*/ ]]
  expect 0 1 call "$URL" add 1
  expect 0 "ok: " audit "$URL"
  stop_host
  start_host "$EX/counter.js" --dir data --listen '[::]:0'
  [[ "$URL" == 'ws://[::1]:'*/ ]]
  expect 0 2 call "$URL" add 1
  if [ "$(cat /proc/sys/net/ipv6/bindv6only 2> /dev/null)" = 0 ]; then expect 0 3 call "ws://127.0.0.1:${URL##*:}" add 1; fi
  stop_host
  expect 2 "in brackets" "$BUILD/vms-host" "$EX/hello.js" --dir other --listen ::1:5555
  expect 2 "zone" "$BUILD/vms-host" "$EX/hello.js" --dir other --listen '[fe80::1%lo]:0'
}

@test "several addresses serve the same; the first one is in the URLs" {
  start_host "$EX/counter.js" --dir data --listen 127.0.0.1:0 --listen unix:s --listen unix:t
  [[ "$URL" == ws://127.0.0.1:*/ ]]
  expect 0 1 call "$URL" add 1
  expect 0 2 call "ws+unix:$PWD/s:/" add 1
  expect 0 3 call "ws+unix:$PWD/t:/" add 1
  expect 3 "in use already" "$BUILD/vms-host" "$EX/counter.js" --dir other --listen unix:u --listen "127.0.0.1:$(echo "$URL" | grep -oE '[0-9]+/' | tr -d /)"
  [ ! -e u ]
  stop_host
  [ ! -e s ] && [ ! -e t ]
}

@test "the name in the Host header: a loopback address has its own, a Unix socket any, --allow-host others" {
  code() { curl -s -m 100 -o /dev/null -w '%{http_code}' "$@"; }
  start_host "$EX/counter.js" --dir data --listen 127.0.0.1:0 --listen unix:s
  [ "$(code "${URL/ws/http}")" = 426 ]
  [ "$(code -H 'Host: evil.example' "${URL/ws/http}")" = 403 ]
  [ "$(code --unix-socket s http://evil.example/)" = 426 ]
  [ "$(code --unix-socket s -H 'Origin: https://evil.example' http://x/)" = 403 ]
  stop_host
  start_host "$EX/counter.js" --dir data --listen 127.0.0.1:0 --allow-host party.example --allow-origin https://a.example --allow-origin https://b.example/
  [ "$(code -H 'Host: party.example' "${URL/ws/http}")" = 426 ]
  [ "$(code -H 'Host: evil.example' "${URL/ws/http}")" = 403 ]
  [ "$(code -H 'Origin: https://b.example' "${URL/ws/http}")" = 426 ]
  [ "$(code -H 'Origin: https://c.example' "${URL/ws/http}")" = 403 ]
  stop_host
  host() { "$BUILD/vms-host" "$EX/hello.js" --dir other --listen 0 "$@"; }
  for origin in a.example https:// https://a.example/path ''; do expect 2 "--allow-origin" host --allow-origin "$origin"; done
  for name in 'a b' http://a.example a@b ''; do expect 2 "--allow-host" host --allow-host "$name"; done
  expect 2 "in brackets" host --allow-host ::1
  expect 2 "--max-connections" host --max-connections 0
  expect 2 "--max-output" host --max-output many
}

@test "debug users come in by loopback and Unix sockets alone" {
  expect 2 "debug users are for loopback addresses and Unix sockets only" "$BUILD/vms-host" "$EX/rsvp.js" --dir data --debug-users --listen unix:s --listen 0.0.0.0:0
  start_host "$EX/rsvp.js" --dir data --debug-users --listen unix:s
  expect 0 "" call --anonymous "$URL?user=bob" RSVP true yes
  expect 0 "debug:bob" call "$URL" files.readdir /rsvps
  stop_host
}
