#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Goal: wss:// and https:// from end to end, certificates that are good and bad, and their renewal while callers are connected.
# Method: certificates made by openssl; curl and openssl s_client as foreign clients.

load ../support/helpers

# certificate NAME SAN [OPTION...]: NAME.pem and NAME.key, self-signed
certificate() {
  local name=$1 san=$2
  shift 2
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$name" -addext "subjectAltName=$san" \
    -keyout "$name.key" -out "$name.pem" "$@" 2> openssl.err || { cat openssl.err; return 1; }
}

# signed NAME CA SAN [OPTION...]: NAME.pem and NAME.key, issued by CA
signed() {
  local name=$1 ca=$2 san=$3
  shift 3
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout "$name.key" -out "$name.csr" 2> openssl.err &&
    openssl x509 -req -in "$name.csr" -CA "$ca.pem" -CAkey "$ca.key" -set_serial "$RANDOM$RANDOM" -extfile <(echo "subjectAltName=$san") -out "$name.pem" \
      -days 2 "$@" 2> openssl.err || { cat openssl.err; return 1; }
}

# serial: of the certificate that the host at $URL shows
serial() {
  local authority=${URL#wss://}
  openssl s_client -connect "${authority%%/*}" < /dev/null 2> /dev/null | openssl x509 -noout -serial
}

port() { local authority=${URL#*://}; authority=${authority%%/*}; echo "${authority##*:}"; }

@test "wss: a call, an audit and a copy over TLS; without the certificate it is refused, with the reason" {
  certificate host DNS:localhost,IP:127.0.0.1
  start_host "$EX/counter.js" --dir data --tls-cert host.pem --tls-key host.key
  [[ "$URL" == wss://127.0.0.1:*/ ]]
  expect 0 5 call --ca host.pem "$URL" add 5
  [ "$output" = 5 ]
  expect 0 12 call --ca host.pem "wss://localhost:$(port)/" add 7
  expect 0 16 call --ca host.pem "https://localhost:$(port)/#$LEDGER" add 4
  expect 0 "ok: " audit --ca host.pem "$URL"
  expect 0 "ok: " audit --ca host.pem --store copies "$URL"
  expect 0 "ok: " audit copies
  expect 3 "the certificate of 127.0.0.1 is self-signed and not among those trusted here" call "$URL" add 1
  expect 3 "self-signed" audit "$URL"
  expect 2 "nothing.pem" call --ca nothing.pem "$URL" add 1
  expect 2 "no certificate (PEM)" call --ca host.key "$URL" add 1
  expect 0 16 call --ca host.pem "$URL" add 0
  stop_host
}

@test "wss: wrong name, expired, unknown issuer" {
  certificate ca DNS:ca
  certificate stranger DNS:stranger
  signed good ca DNS:localhost
  signed old ca DNS:localhost,IP:127.0.0.1 -days -1
  signed strange stranger IP:127.0.0.1
  start_host "$EX/counter.js" --dir data --tls-cert good.pem --tls-key good.key
  expect 3 "the certificate is for localhost, not for 127.0.0.1" call --ca ca.pem "$URL" add 1
  expect 0 1 call --ca ca.pem "wss://localhost:$(port)/" add 1
  SSL_CERT_FILE=$PWD/ca.pem expect 0 2 call "wss://localhost:$(port)/" add 1 # the system's store, as OpenSSL has it
  stop_host
  launch "$EX/counter.js" --dir data --tls-cert old.pem --tls-key old.key
  grep "old.pem expired on" host.err
  expect 3 "expired on $(date -u -d yesterday +%Y-%m)" call --ca ca.pem "$URL" add 1
  stop_host
  start_host "$EX/counter.js" --dir data --tls-cert strange.pem --tls-key strange.key
  expect 3 "is issued by stranger, who is not trusted" call --ca ca.pem "$URL" add 1
  stop_host
}

@test "wss: who speaks no TLS is told, on both ends" {
  certificate host IP:127.0.0.1
  start_host "$EX/counter.js" --dir data --tls-cert host.pem --tls-key host.key
  run curl -s -m 100 "http://127.0.0.1:$(port)/"
  [[ "$output" == *"wss://"* ]]
  expect 3 "HTTP status 400" call "ws://127.0.0.1:$(port)/" add 1
  run curl -s -m 100 --cacert host.pem -o /dev/null -w '%{http_code}' "https://127.0.0.1:$(port)/"
  [ "$output" = 426 ]
  run openssl s_client -connect "127.0.0.1:$(port)" -tls1_1 -cipher ALL:@SECLEVEL=0 < /dev/null
  [[ "$output" == *"alert protocol version"* ]]
  run openssl s_client -connect "127.0.0.1:$(port)" -alpn h2,http/1.1 -CAfile host.pem < /dev/null
  [[ "$output" == *"ALPN protocol: http/1.1"* && "$output" == *"Verify return code: 0"* && "$output" == *"Compression: NONE"* ]]
  stop_host
  start_host "$EX/counter.js" --dir data
  expect 3 "does not speak TLS" call "wss://127.0.0.1:$(port)/" add 1
  stop_host
}

@test "vms-host: certificates and keys that cannot be used" {
  certificate host DNS:localhost
  certificate other DNS:localhost
  openssl ec -in host.key -aes128 -passout pass:x -out locked.key 2> /dev/null
  host() { "$BUILD/vms-host" "$EX/counter.js" --dir d --listen 0 "$@"; }
  expect 2 "no/such.pem" host --tls-cert no/such.pem --tls-key host.key
  [[ "$output" == *"hint: --tls-cert FILE is"* ]]
  expect 2 "the key in other.key is not that of the certificate in host.pem" host --tls-cert host.pem --tls-key other.key
  expect 2 "there is no certificate (PEM) in host.key" host --tls-cert host.key --tls-key host.pem
  expect 2 "there is no key (PEM) in host.pem" host --tls-cert host.pem
  expect 2 "needs a passphrase" host --tls-cert host.pem --tls-key locked.key < /dev/null
  expect 2 "is no file" host --tls-cert . --tls-key host.key
  expect 2 "--tls-key needs --tls-cert" host --tls-key host.key
  [ ! -e d/services.json ]
  cat host.pem host.key > both.pem
  start_host "$EX/counter.js" --dir d --tls-cert both.pem
  expect 0 1 call --ca host.pem "wss://localhost:$(port)/" add 1
  stop_host
}

@test "SIGHUP: new connections get the new certificate, old ones stay; a bad one is logged and not used" {
  certificate host DNS:localhost,IP:127.0.0.1
  cp host.pem trusted.pem
  launch "$EX/counter.js" --dir data --tls-cert host.pem --tls-key host.key
  first=$(serial)
  mkfifo lines
  "$BUILD/vms-call" --ca trusted.pem "$URL" < lines > answers 3>&- & caller=$!
  exec 9> lines
  echo '{"method":"add","params":[1]}' >&9
  wait_until '[ -s answers ]'
  certificate host DNS:localhost,IP:127.0.0.1
  cat host.pem >> trusted.pem
  kill -HUP "$HOST"
  wait_until '[ "$(serial)" != "$first" ]'
  second=$(serial)
  [ -n "$second" ] && [ "$second" != "$first" ]
  expect 0 2 call --ca host.pem "$URL" add 1
  echo '{"method":"add","params":[1]}' >&9
  exec 9>&-
  wait "$caller"
  [ "$(tail -1 answers)" = '{"result":3}' ]
  echo "nothing" > host.pem
  kill -HUP "$HOST"
  wait_until 'grep -q "the certificate stays as it was: there is no certificate (PEM) in host.pem" host.err'
  grep -q "stays as it was" host.err
  [ "$(serial)" = "$second" ]
  expect 0 3 call --ca trusted.pem "$URL" add 0
  stop_host
}

@test "TLS and plain addresses of one host: all but Unix sockets speak TLS, and all serve the same" {
  certificate host DNS:localhost,IP:127.0.0.1,IP:::1
  local more=()
  if python3 -c 'import socket; socket.socket(socket.AF_INET6).bind(("::1", 0))' 2> /dev/null; then more=(--listen '[::1]:0'); fi
  start_host "$EX/counter.js" --dir data --listen unix:s --listen 127.0.0.1:0 "${more[@]}" --tls-cert host.pem --tls-key host.key
  [ "$URL" = "ws+unix:$PWD/s:/" ]
  expect 0 1 call "$URL" add 1
  for port in $(python3 - "$HOST" <<'PY'
import os, sys
inodes = {os.readlink(f'/proc/{sys.argv[1]}/fd/{fd}') for fd in os.listdir(f'/proc/{sys.argv[1]}/fd')}
for family in ('tcp', 'tcp6'):
    for line in open(f'/proc/{sys.argv[1]}/net/{family}').readlines()[1:]:
        part = line.split()
        if part[3] == '0A' and f'socket:[{part[9]}]' in inodes: print(('[::1]' if family == 'tcp6' else '127.0.0.1') + ':' + str(int(part[1].split(':')[1], 16)))
PY
  ); do
    expect 0 1 call --ca host.pem "wss://$port/" add 0
    expect 3 "HTTP status 400" call "ws://$port/" add 0
  done
  stop_host
}

@test "TLS: a large answer and a large request, whole" {
  certificate host IP:127.0.0.1
  echo "exports.echo = function (x) { return x }" > echo.js
  start_host echo.js --dir data --tls-cert host.pem --tls-key host.key
  python3 -c 'print("x" * 900000, end="")' > big
  call --ca host.pem --raw "$URL" echo @big > out
  cmp <(cat big; echo) out
  for i in 1 2 3 4 5 6 7 8; do echo "{\"method\":\"echo\",\"params\":[\"$(cat big)\"]}"; done | call --ca host.pem "$URL" > out
  [ "$(wc -l < out)" -eq 8 ]
  [ "$(sort -u out | wc -l)" -eq 1 ]
  [ "$(head -1 out | wc -c)" -eq 900014 ]
  stop_host
}

@test "TLS: large requests over a slow line go out to their last byte" {
  certificate host IP:127.0.0.1
  echo "exports.length = function (x) { return x.length }" > length.js
  start_host length.js --dir data --tls-cert host.pem --tls-key host.key
  python3 "$ROOT/test/support/slow.py" "127.0.0.1:$(port)" > slow 3>&- & HOST_PIDS+=($!)
  wait_until '[ -s slow ]'
  python3 -c 'print("x" * 990000, end="")' > big
  for i in 1 2 3 4 5 6 7 8; do
    head -c $((900000 + 7001 * i)) big > "big$i"
    call --key "key$i" --timeout 200 --ca host.pem "wss://127.0.0.1:$(cat slow)/" length "@big$i" > "out$i" 3>&- &
    calls+=($!)
  done
  for i in 1 2 3 4 5 6 7 8; do wait "${calls[i - 1]}"; [ "$(cat "out$i")" = $((900000 + 7001 * i)) ]; done
  stop_host
}

@test "wss: a handshake that never ends keeps nobody longer than the time-out" {
  python3 -c 'import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
client = listener.accept()[0]
while True: client.sendall(b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 1000) # HelloRequest, which TLS passes over' > endless 2> /dev/null 3>&- & HOST_PIDS+=($!)
  wait_until '[ -s endless ]'
  expect 3 "no answer from" timeout 200 "$BUILD/vms-call" --timeout 1 "wss://127.0.0.1:$(cat endless)/" add 1
}

@test "https: curl posts a call, and web pages are let in where the host says so" {
  certificate host DNS:localhost,IP:127.0.0.1
  post() { curl -s -m 100 --cacert host.pem -w ' %{http_code}' -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"add","params":[2]}' "$@"; }
  start_host "$EX/counter.js" --dir data --anonymous --tls-cert host.pem --tls-key host.key --allow-origin https://page.example
  run post "https://localhost:$(port)/"
  [[ "$output" == '{"jsonrpc":"2.0","id":1,"result":2} 200' ]] || { echo "$output"; false; }
  run post -H 'Origin: https://page.example' "https://localhost:$(port)/"
  [[ "$output" == *'"result":4} 200' ]]
  run post -H 'Origin: https://other.example' "https://localhost:$(port)/"
  [[ "$output" == *" 403" ]]
  run curl -s -m 100 -d '{}' "https://localhost:$(port)/"
  [ "$status" -eq 60 ]
  stop_host
}
